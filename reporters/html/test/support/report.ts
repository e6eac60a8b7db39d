import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { resultFile, type RunResult } from '@cloudbench/core'
import { replayResults } from '@cloudbench/core/program'
import { onTestFinished } from 'vitest'
import { pageOf, partsOf } from '../../src/page.ts'
import { reportOf } from '../../src/report.ts'

const stream = { isTTY: false, columns: 80, color: false, write: () => {} }
export const quiet = { stdout: stream, stderr: stream }
export const reporterUrl = new URL('../../src/index.ts', import.meta.url).href

export async function temporaryFolder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'cloudbench-html-'))
  onTestFinished(() => rm(path, { recursive: true, force: true }))
  return path
}

/** The page of stored results, as `cloudbench report` writes it. */
export async function pageFor(
  ...results: readonly RunResult[]
): Promise<{ readonly url: string; readonly path: string }> {
  const folder = await temporaryFolder()
  const files = results.map((_, at) => join(folder, `${at}.json`))
  for (const [at, file] of files.entries()) await writeFile(file, JSON.stringify(resultFile(results[at]!)))
  const output = join(folder, 'out')
  const { errors } = await replayResults(files, {
    reporters: [{ specifier: reporterUrl, options: {} }],
    outputFolder: output,
    resolveFrom: import.meta.url,
    terminal: quiet,
  })
  const error = errors.find(({ source }) => source === 'html')
  if (error !== undefined) throw new Error(error.message)
  const path = join(output, (await readdir(output))[0]!)
  return { url: pathToFileURL(path).href, path }
}

/** The same without a result file between, which could not hold what is tried. */
export async function pageOfRun(result: RunResult): Promise<{ readonly url: string; readonly path: string }> {
  const path = join(await temporaryFolder(), 'page.html')
  await writeFile(path, pageOf(partsOf(reportOf(result), (text) => text)))
  return { url: pathToFileURL(path).href, path }
}
