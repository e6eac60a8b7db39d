import { expect, test } from 'vitest'
import { groupPath } from '../src/gateway.ts'
import { labelsOf } from '../src/labels.ts'
import { realGateway, withoutPushgateway } from './support/gateway.ts'
import { run } from './support/run.ts'
import { seriesOf } from './support/series.ts'

const same = (text: string): string => text

test('tags of the form key=value or key:value are labels, all others words of one, in the same order whatever theirs is', () => {
  const tags = ['reads', 'team=payments', 'nightly', 'zone:eu:1', 'a-b=c', 'team=core', '=x']
  const labels = labelsOf({ id: 'reads', tags }, { labels: { team: 'mine' }, cluster: 'blue' }, same)
  expect(labels).toEqual({
    scenario: 'reads',
    tag_team: 'core,payments',
    tag_zone: 'eu:1',
    tags: '=x,a-b=c,nightly,reads',
    team: 'mine',
    cluster: 'blue',
  })
  expect(labelsOf({ id: 'reads', tags: tags.toReversed() }, { labels: {} }, same)).toMatchObject({
    tags: labels['tags'],
    tag_team: labels['tag_team'],
  })
})

test('secrets are taken out', () => {
  const redact = (text: string): string => text.replaceAll('hunter2', '***')
  expect(labelsOf({ id: 'a hunter2', tags: ['hunter2'] }, { labels: { key: 'hunter2' } }, redact)).toEqual({
    scenario: 'a ***',
    tags: '***',
    key: '***',
  })
})

test('values go into the path of a group as they are where they can, else in base64', () => {
  expect(groupPath({ scenario: 'redis-read-heavy', job: 'a' })).toBe('/job/a/scenario/redis-read-heavy')
  expect(groupPath({ job: 'a/b', scenario: '..', tags: 'ü', cluster: '', x: '%2f' })).toBe(
    '/job@base64/YS9i/scenario@base64/Li4/tags@base64/w7w/cluster@base64/=/x@base64/JTJm',
  )
})

test.skipIf(withoutPushgateway)('a real gateway reads back whatever a scenario is called', async () => {
  const gateway = await realGateway()
  const names = ['a/b', 'a b', 'größe 漢字 🚀', '%2F', '"q" \\ {x="y"}', 'a?b#c', '-', '...']
  const { result } = await run({
    options: { pushgateway: gateway.url, job: 'team/bench', cluster: 'eu/1', labels: { env: '.' } },
    scenarios: Object.fromEntries(
      names.map((name) => [
        name,
        { target: 'server', workload: 'steady', connections: 1, tags: ['x/y', 'k=v/w'] },
      ]),
    ),
    defaults: { duration: '100ms', warmup: '0s' },
  })
  expect(result.errors).toEqual([])
  const infos = seriesOf(await gateway.metrics()).filter(({ name }) => name === 'cloudbench_run_info')
  expect(new Set(infos.map(({ labels }) => labels['scenario']))).toEqual(new Set(names))
  for (const { labels } of infos)
    expect(labels).toMatchObject({
      job: 'team/bench',
      cluster: 'eu/1',
      env: '.',
      tags: 'x/y',
      tag_k: 'v/w',
    })
})
