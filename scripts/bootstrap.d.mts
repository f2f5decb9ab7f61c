export const pnpm: string;
export function versionOf(text: string): { major: number; minor: number };
export function nodePackageFor(platform: string, arch: string): string | null;
export function stampOf(lockfile: string, workspace: string, machine: string): string;
export function explainInstall(said: string): readonly [sentence: string, advice: string];
