/** What follows the pointer while a card is dragged. */
import { useBoard } from '../shell/use-board.ts';

/** A small face of the card. */
export function DragFace({ taskId }: { readonly taskId: string }) {
  const { fold } = useBoard();
  return (
    <div className="card dragged">
      <span className="id">{taskId}</span>
      <span className="title">{fold.tasks.get(taskId)?.task.title}</span>
    </div>
  );
}
