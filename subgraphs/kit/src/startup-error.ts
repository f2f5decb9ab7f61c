/**
 * A start that failed for a reason the person at the keyboard can change. `message` is one whole sentence that says
 * what is wrong, `advice` one that says what to do; whoever catches it prints both and no stack.
 */
export class StartupError extends Error {
  override readonly name: string = 'StartupError';
  readonly advice: string;

  constructor(message: string, advice: string, options?: ErrorOptions) {
    super(message, options);
    this.advice = advice;
  }
}

/** The `code` of a Node system error, or undefined. */
export function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** Turns what a file system says about `path` into a sentence; anything else comes back as it was. */
export function explainFileError(error: unknown, path: string): unknown {
  switch (systemCode(error)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return diskFull(path, error);
    case 'EACCES':
    case 'EPERM':
      return new StartupError(
        `This user is not permitted to read and write ${path}.`,
        'Start Souk as the user who owns that folder, or give the folder to this user with chown.',
        { cause: error },
      );
    case 'EROFS':
      return new StartupError(
        `${path} is on a read-only file system.`,
        'Move the project to a disk that can be written, or remount it.',
        { cause: error },
      );
    default:
      return error;
  }
}

/** The disk is full: the one failure that ends by itself, when somebody frees space. */
export class DiskFullError extends StartupError {
  override readonly name: string = 'DiskFullError';
}

export function diskFull(path: string, cause?: unknown): DiskFullError {
  return new DiskFullError(
    `The disk that holds ${path} is full.`,
    'Free at least 500 MB on it and start again; nothing that was stored is lost.',
    { cause },
  );
}
