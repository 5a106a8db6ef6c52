/** The drawer. */
export function Drawer({ taskId }: { readonly taskId: string }) {
  return <aside className="drawer">{taskId}</aside>;
}
