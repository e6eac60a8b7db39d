/**
 * Writes what the `cloudbench` fields of the plugins say to packages/cloudbench/registry.json, and the table of the
 * README: `pnpm reference`. With `--check` it only looks whether both are current, and ends with 1 when they are not.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { pluginPackages } from './manifests.ts'
import { markdownTable } from './markdown-table.ts'

const packages = pluginPackages()
const registry = packages.map(({ name, isBundled, cloudbench }) => ({
  package: name,
  isBundled,
  ...cloudbench,
}))
const table = markdownTable(
  ['kind', 'package', 'does'],
  packages.map(({ cloudbench, name, folder, description }) => [
    cloudbench.kind,
    `[\`${name}\`](${folder})`,
    description,
  ]),
)
const readme = readFileSync('README.md', 'utf8')
// the only table of plugins there is
const written = /^\| kind +\| package[^]*?(?=\n\n)/m
if (!written.test(readme)) throw new Error('README.md has no table of plugins')
const files: Readonly<Record<string, string>> = {
  'packages/cloudbench/registry.json': `${JSON.stringify(registry, null, 2)}\n`,
  'README.md': readme.replace(written, () => table),
}

for (const [file, text] of Object.entries(files))
  if (!process.argv.includes('--check')) writeFileSync(file, text)
  else if (readFileSync(file, 'utf8') !== text) {
    console.error(`${file} is not what the packages say. Write it anew with: pnpm reference`)
    process.exitCode = 1
  }
