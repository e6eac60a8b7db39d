import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseManifest } from '@cloudbench/core/program'
import { serviceNames } from '@cloudbench/services'
import { expect, test } from 'vitest'
import { driversOf, officialPlugins } from '../../src/registry/registry.ts'

interface PackageJson {
  readonly name: string
  readonly cloudbench: Readonly<Record<string, unknown>>
}

const root = fileURLToPath(new URL('../../../../', import.meta.url))
const manifests = globSync('{plugins,reporters}/*/package.json', { cwd: root }).map((file) => ({
  file,
  manifest: JSON.parse(readFileSync(`${root}${file}`, 'utf8')) as PackageJson,
}))
const { dependencies } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  dependencies: Record<string, string>
}

test('the registry is what the packages say: `pnpm reference` writes it', () => {
  const expected = manifests.map(({ manifest: { name, cloudbench } }) => ({
    package: name,
    isBundled: name in dependencies,
    ...cloudbench,
  }))
  expect(officialPlugins().toSorted(byPackage)).toEqual(expected.toSorted(byPackage))
})

test.for(manifests)('$file describes its plugin well', ({ file, manifest: { name, cloudbench } }) => {
  const { kind, name: short } = parseManifest(cloudbench, { package: name, file })
  expect(name).toBe(`@cloudbench/${kind}-${short}`)
})

test('every service that a driver names is one that can be started', () => {
  const services = driversOf(officialPlugins()).flatMap(({ service }) => service ?? [])
  expect(services.length).toBeGreaterThan(0)
  for (const service of services) expect(serviceNames).toContain(service)
})

function byPackage(a: { readonly package: string }, b: { readonly package: string }): number {
  return a.package.localeCompare(b.package)
}
