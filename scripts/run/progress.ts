/** Says what is going on, one line per step; on a terminal a step that counts up stays on its line. */
export function progressTo(stream: NodeJS.WriteStream): { say: (line: string) => void; close: () => void } {
  let open: string | undefined;
  const kind = (line: string): string => line.replaceAll(/[\d,.%/]+/g, '#');
  const close = (): void => {
    if (open !== undefined && stream.isTTY) stream.write('\n');
    open = undefined;
  };
  return {
    close,
    say(line) {
      if (!stream.isTTY) {
        stream.write(`· ${line}\n`);
        return;
      }
      if (open !== undefined && kind(open) !== kind(line)) close();
      stream.write(`\r\u001b[K· ${line}`);
      open = line;
    },
  };
}
