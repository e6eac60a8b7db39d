import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runOf } from '@cloudbench/testkit/runs'
import { expect, test } from 'vitest'
import reporter from '../src/index.ts'
import { temporaryFolder } from './support/report.ts'
import { runTo } from './support/run-to.ts'

test('a page that cannot be written is found before any load', async () => {
  const folder = await temporaryFolder()
  await writeFile(join(folder, 'no-folder'), '')
  await expect(runTo({ file: join(folder, 'no-folder/page.html') })).rejects.toThrow(
    /\[html\] run:start: .*no-folder\/page\.html cannot be written/,
  )
})

test('until a run ends, its page says that it has not', async () => {
  const pages: string[] = []
  const { run } = runOf('passed')
  const { onRunStart } = await reporter.create({
    options: { file: undefined, ui: false, port: 0, open: false },
    log: { debug: () => {}, info: () => {}, warn: () => {} },
    output: {
      folder: '/nowhere',
      write: async (file, content) => {
        pages.push(`${file} ${Buffer.from(content).toString()}`)
        return file
      },
      append: async (file) => file,
    },
    terminal: {} as never,
    redact: (text) => text,
  })
  await onRunStart!(run)
  expect(pages).toHaveLength(1)
  expect(pages[0]).toMatch(new RegExp(`^${run.id}.html <!doctype html>`))
  expect(pages[0]).toContain('The run has not ended yet.')
})

test('the page has every setting of the run, where it was made, and no secret', async () => {
  const file = join(await temporaryFolder(), 'page.html')
  const { errors } = await runTo(
    { file },
    { set: ['targets.server.url=fixture://u:correct-horse@127.0.0.1:1'] },
  )
  expect(errors).toEqual([])
  const page = await readFile(file, 'utf8')
  expect(page).toContain('scenarios.steady.flows.main.rate')
  expect(page).toContain(
    '<th scope="row">targets.server.url</th><td class="text">fixture://u:***@127.0.0.1:1</td><td class="text">--set</td>',
  )
  expect(page).not.toContain('correct-horse')
})
