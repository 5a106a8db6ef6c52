/** Every key of the page. */
import { Overlay } from '../parts/overlay.tsx';

const groups = [
  [
    'Board',
    [
      ['h j k l', 'move, as the arrows do'],
      ['Enter', 'open'],
      ['m', 'move to…'],
      ['x', 'choose'],
      ['a', 'choose all of its column'],
      ['c', 'new task'],
    ],
  ],
  [
    'Task',
    [
      ['[ ]', 'the one before, the next one'],
      ['w', 'why it stands where it stands'],
      ['Esc', 'close'],
    ],
  ],
  [
    'Page',
    [
      ['/', 'search; an id opens its task'],
      ['Ctrl K', 'commands'],
      ['g b', 'go to the board'],
      ['t', 'go to the timeline'],
      ['g p', 'go to the plots'],
      ['?', 'this help'],
    ],
  ],
  [
    'Past',
    [
      [', .', 'one event back, one event on'],
      ['< >', 'the stop before, the next one'],
      ['space', 'play, pause'],
    ],
  ],
] as const;

/** The help. */
export function Help({ onClose }: { readonly onClose: () => void }) {
  return (
    <Overlay label="Keys" className="help" onClose={onClose}>
      <h2>Keys</h2>
      <div className="groups">
        {groups.map(([title, keys]) => (
          <section key={title}>
            <h3>{title}</h3>
            <dl>
              {keys.map(([key, what]) => (
                <div key={key}>
                  <dt>
                    {key.split(' ').map((one) => (
                      <kbd key={one}>{one}</kbd>
                    ))}
                  </dt>
                  <dd>{what}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Overlay>
  );
}
