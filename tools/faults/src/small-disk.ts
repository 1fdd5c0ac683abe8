import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const piece = Buffer.alloc(1024 * 1024);

/** A disk of a few megabytes in memory. Linux, and root: only root mounts. */
export class SmallDisk {
  private readonly folder: string;
  readonly #unmount = (): void => {
    execFileSync('umount', ['--lazy', this.folder]);
  };

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** @throws Error that says what is missing */
  static mount(folder: string, megabytes: number): SmallDisk {
    mkdirSync(folder, { recursive: true });
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'shopfleet-faults', folder], { stdio: 'pipe' });
    } catch (error) {
      throw new Error(`a small disk cannot be mounted here (${error instanceof Error ? error.message : String(error)}): this test needs Linux and root`, { cause: error });
    }
    const disk = new SmallDisk(folder);
    process.once('exit', disk.#unmount);
    return disk;
  }

  /** Writes until so much is left, or nothing more fits. */
  fill(leftMegabytes = 0): void {
    const file = openSync(join(this.folder, 'filler'), 'w');
    try {
      while (this.#freeMegabytes() > leftMegabytes) writeSync(file, piece);
      // The last bytes as well.
      if (leftMegabytes === 0) for (;;) writeSync(file, piece, 0, 512);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
    } finally {
      closeSync(file);
    }
  }

  free(): void {
    rmSync(join(this.folder, 'filler'), { force: true });
  }

  unmount(): void {
    process.off('exit', this.#unmount);
    this.#unmount();
  }

  #freeMegabytes(): number {
    const { bavail, bsize } = statfsSync(this.folder);
    return (bavail * bsize) / 1024 / 1024;
  }
}
