import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root, type Block } from './blocks.ts'
import { run } from './run.ts'

/** A folder with the TypeScript of some blocks, in which our packages and their dependencies are installed. */
export interface Workspace {
  /** The module written from a block. */
  fileOf(block: Block): string
  /** The compiler's messages, by line. */
  typeErrors(): Promise<string[]>
  remove(): void
}

export function createWorkspace(blocks: readonly Block[]): Workspace {
  const folder = mkdtempSync(join(tmpdir(), 'cloudbench-documentation-'))
  const modules = join(folder, 'node_modules')
  mkdirSync(modules)
  for (const name of ['@cloudbench', '@types', 'cloudbench', 'vitest'])
    symlinkSync(join(root, 'node_modules', name), join(modules, name))
  symlinkSync(join(root, 'packages/schema/node_modules/zod'), join(modules, 'zod'))
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  const config = {
    extends: join(root, 'tsconfig.base.json'),
    compilerOptions: { noEmit: true, customConditions: ['@cloudbench/source'] },
    include: ['*/test/*.ts'],
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
  const files = new Map(blocks.map((block, at) => [block, join(folder, String(at), 'test/block.test.ts')]))
  for (const [block, file] of files) {
    mkdirSync(join(file, '..'), { recursive: true })
    writeFileSync(file, block.code)
    // what the examples of tests test
    mkdirSync(join(file, '../../src'))
    writeFileSync(
      join(file, '../../src/index.ts'),
      "export { default } from '@cloudbench/fixtures/plugins/driver/good'",
    )
  }
  return {
    fileOf: (block) => files.get(block)!,
    async typeErrors() {
      const tsc = join(root, 'node_modules/.bin/tsc')
      const { output } = await run(tsc, ['--pretty', 'false', '-p', folder], { cwd: folder })
      const placed = output.replaceAll(/^(\d+)\/test\/block\.test\.ts\((\d+),\d+\)/gm, (_, at, line) => {
        const { page, line: first } = blocks[Number(at)]!
        return `${page}:${first + Number(line)}`
      })
      return placed.split('\n').filter((line) => line !== '')
    },
    remove: () => rmSync(folder, { recursive: true }),
  }
}
