import { realpath } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { CloudbenchError } from '../errors.ts'
import type { Output } from '../plugin/reporter.ts'

/** Who writes which file: what one reporter has written is not overwritten by another. */
export class Owners {
  private readonly output: Output
  private readonly owners = new Map<string, { readonly reporter: string }>()

  constructor(output: Output) {
    this.output = output
  }

  /** The output of one reporter. `announced` is a file that it is going to write, so that a conflict is found at once. */
  async outputOf(reporter: string, announced: unknown): Promise<Output> {
    const { output } = this
    const owner = { reporter }
    const known = new Set<string>()
    const claim = async (file: string): Promise<void> => {
      if (!known.has(file)) await this.claim(file, owner)
      known.add(file)
    }
    if (typeof announced === 'string' && announced !== '') await claim(announced)
    return {
      folder: output.folder,
      write: async (file, content) => {
        await claim(file)
        return await output.write(file, content)
      },
      append: async (file, content) => {
        await claim(file)
        return await output.append(file, content)
      },
    }
  }

  private async claim(file: string, owner: { readonly reporter: string }): Promise<void> {
    const written = resolve(this.output.folder, file)
    // two ways to one folder lead to one file
    const path = join(await existing(dirname(written)), basename(written))
    const other = this.owners.get(path)
    if (other !== undefined && other !== owner)
      throw new CloudbenchError({
        code: 'CB_OUTPUT',
        what: `the reporters ${other.reporter} and ${owner.reporter} both write ${written}`,
        expected: 'a file for each',
        next: `give one of them another file: --reporter ${owner.reporter}=<file>`,
      })
    this.owners.set(path, owner)
  }
}

/** A folder without links, as far as it is there. */
async function existing(folder: string): Promise<string> {
  try {
    return await realpath(folder)
  } catch {
    const parent = dirname(folder)
    return parent === folder ? folder : join(await existing(parent), basename(folder))
  }
}
