/** Where progress is shown: a terminal, a log file, a test. */
export interface Screen {
  isTTY?: boolean;
  columns?: number;
  write(text: string): unknown;
}

/** A line that grows on a terminal; in a log file a line for every tenth, for a log cannot be overwritten. */
export function progressBar(screen: Screen, label: string, total: number): { at(done: number): void; end(): void } {
  let told = -1;
  const line = (done: number): string => {
    const share = total === 0 ? 1 : Math.min(1, done / total);
    const counted = `${done.toLocaleString('en')} of ${total.toLocaleString('en')}`;
    if (!screen.isTTY) return `${label}: ${counted}\n`;
    const room = Math.min(40, (screen.columns ?? 80) - label.length - counted.length - 8);
    const filled = Math.round(share * Math.max(0, room));
    const bar = room < 5 ? '' : `${'█'.repeat(filled)}${'░'.repeat(room - filled)} `;
    return `\r\u001b[K${label} ${bar}${counted}`;
  };
  return {
    at(done) {
      const steps = screen.isTTY ? 1000 : 10;
      const step = total === 0 ? steps : Math.floor((done / total) * steps);
      if (step === told) return;
      told = step;
      screen.write(line(done));
    },
    end() {
      if (screen.isTTY && told >= 0) screen.write('\n');
    },
  };
}
