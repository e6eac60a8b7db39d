import { readdirSync, readFileSync } from 'node:fs'

// workflows run code of others with rights of ours: actions are pinned by commit, and every job names its permissions.

const folder = new URL('../.github/workflows/', import.meta.url)

/** `owner/name@<commit> # v1.2.3`, with an optional path behind the name; or an action of this repository. */
const pinned = /^(\.\/\S+|[\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+)$/

function faultsOf(text: string): string[] {
  const faults = [...text.matchAll(/^\s*(?:- )?uses:\s*(.*?)\s*$/gm)]
    .filter(([, action]) => !pinned.test(action!))
    .map(([, action]) => `"${action}" is not pinned; expected owner/name@<40 hex digits> # v1.2.3`)
  if (!/^permissions: \{\}$/m.test(text))
    faults.push('the workflow grants permissions to every job; expected "permissions: {}" at the top')
  const [, jobs = ''] = text.split(/^jobs:\n/m)
  for (const job of jobs.split(/^(?= {2}[\w-]+:$)/m).filter((part) => /^ {2}[\w-]/.test(part)))
    for (const setting of ['permissions', 'timeout-minutes'])
      if (!new RegExp(`^ {4}${setting}:`, 'm').test(job))
        faults.push(`job "${job.trim().split(':')[0]}" has no "${setting}"`)
  return faults
}

const faults = readdirSync(folder)
  .filter((file) => /\.ya?ml$/.test(file))
  .flatMap((file) =>
    faultsOf(readFileSync(new URL(file, folder), 'utf8')).map(
      (fault) => `.github/workflows/${file}: ${fault}`,
    ),
  )
for (const fault of faults) console.error(fault)
process.exitCode = faults.length === 0 ? 0 : 1
