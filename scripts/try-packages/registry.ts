import { spawn } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { must } from './command.ts'

/** Its audit plugin asks for a tag of node-fetch that not every registry has. */
const manifest = { dependencies: { verdaccio: '6.10.4' }, overrides: { 'node-fetch': '2.7.0' } }

export interface Registry {
  readonly url: string
  /** For npm, which does not publish without one. */
  readonly token: string
  close(): void
}

/** Starts a registry on loopback that takes our packages, and gets all others where npm gets them. */
export async function startRegistry(folder: string): Promise<Registry> {
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest))
  await must('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts'], { cwd: folder })
  const upstream = (await must('npm', ['config', 'get', 'registry'], { cwd: folder })).trim()
  const ours = { access: '$all', publish: '$anonymous' }
  const configuration = {
    storage: join(folder, 'storage'),
    auth: { htpasswd: { file: join(folder, 'htpasswd'), max_users: -1 } },
    uplinks: { upstream: { url: upstream } },
    packages: { 'cloudbench*': ours, '@cloudbench/*': ours, '**': { access: '$all', proxy: 'upstream' } },
    web: { enable: false },
    middlewares: {},
    log: { type: 'stdout', level: 'warn' },
  }
  // YAML is a superset of JSON
  await writeFile(join(folder, 'config.yaml'), JSON.stringify(configuration))
  const port = await freePort()
  const url = `http://127.0.0.1:${port}/`
  const program = join(folder, 'node_modules/verdaccio/bin/verdaccio')
  const child = spawn(
    process.execPath,
    [program, '--config', join(folder, 'config.yaml'), '--listen', url.slice(0, -1)],
    { stdio: 'ignore' },
  )
  for (let tries = 0; ; tries++) {
    const isUp = await fetch(`${url}-/ping`).then(
      ({ ok }) => ok,
      () => false,
    )
    if (isUp) break
    if (tries === 300) throw new Error('the local registry did not start within 30 s')
    await sleep(100)
  }
  return { url, token: `--//127.0.0.1:${port}/:_authToken=anonymous`, close: () => void child.kill() }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
