import { execFile, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { onTestFinished } from 'vitest'

const run = promisify(execFile)
const node = [process.execPath, '--conditions=@cloudbench/source']
const script = (name: string): string => fileURLToPath(new URL(name, import.meta.url))

/** Why this machine cannot have networks of its own; undefined where it can. */
export function whyNot(): string | undefined {
  if (process.platform !== 'linux') return 'network namespaces are a feature of Linux'
  if (process.getuid?.() !== 0) return 'network namespaces need root'
  const probe = `cloudbench-imds-${process.pid}-probe`
  const added = spawnSync('ip', ['netns', 'add', probe])
  if (added.error) return 'there is no program ip'
  if (added.status !== 0) return 'ip netns add is not permitted'
  spawnSync('ip', ['netns', 'delete', probe])
  return undefined
}

export interface Networks {
  /** Serves a cloud's metadata on addresses of its own, on the far side; for `aws-one-hop`, see there. */
  serve(cloud: string, ...addresses: string[]): Promise<void>
  /** What is discovered on the near side. */
  ask(
    options?: object,
  ): Promise<{ readonly facts: Record<string, unknown>; readonly warnings: readonly string[] }>
}

let count = 0

/** Three networks in a row, from an instance's container by way of the instance to the service. Gone after the test. */
export async function networks(): Promise<Networks> {
  const [near, middle, far] = ['near', 'middle', 'far'].map(
    (name) => `cloudbench-imds-${process.pid}-${count}-${name}`,
  )
  const at = String(count++)
  const all = [near!, middle!, far!]
  const ip = async (...args: string[]): Promise<void> => void (await run('ip', args))
  const within = (name: string, ...command: string[]) => run('ip', ['netns', 'exec', name, ...command])
  onTestFinished(async () => {
    for (const name of all) await ip('netns', 'delete', name).catch(() => {})
  })
  for (const name of all) {
    await ip('netns', 'add', name)
    await ip('-n', name, 'link', 'set', 'lo', 'up')
  }
  const link = async (a: string, b: string, net: string): Promise<void> => {
    const [end, other] = [`i${at}${net}a`, `i${at}${net}b`]
    await ip('link', 'add', end, 'netns', a, 'type', 'veth', 'peer', 'name', other, 'netns', b)
    for (const [name, device, host] of [
      [a, end, 1],
      [b, other, 2],
    ] as const) {
      await ip('-n', name, 'address', 'add', `10.77.${net}.${host}/24`, 'dev', device)
      await ip('-n', name, '-6', 'address', 'add', `fd77:${net}::${host}/64`, 'dev', device, 'nodad')
      await ip('-n', name, 'link', 'set', device, 'up')
    }
  }
  await link(near!, middle!, '1')
  await link(middle!, far!, '2')
  await ip('-n', near!, 'route', 'add', 'default', 'via', '10.77.1.2')
  await ip('-n', near!, '-6', 'route', 'add', 'default', 'via', 'fd77:1::2')
  await ip('-n', middle!, 'route', 'add', 'default', 'via', '10.77.2.2')
  await ip('-n', middle!, '-6', 'route', 'add', 'default', 'via', 'fd77:2::2')
  const back = ['10.77.1.0/24', '10.77.2.1'] as const
  await ip('-n', far!, 'route', 'add', back[0], 'via', back[1])
  await ip('-n', far!, '-6', 'route', 'add', 'fd77:1::/64', 'via', 'fd77:2::1')
  for (const setting of ['net.ipv4.ip_forward=1', 'net.ipv6.conf.all.forwarding=1'])
    await within(middle!, 'sysctl', '-qw', setting)

  return {
    async serve(cloud, ...addresses) {
      for (const address of addresses)
        await ip(
          '-n',
          far!,
          'address',
          'add',
          address.includes(':') ? `${address}/128` : `${address}/32`,
          'dev',
          'lo',
        )
      const child = spawn('ip', ['netns', 'exec', far!, ...node, script('serve.ts'), cloud, ...addresses], {
        stdio: ['pipe', 'pipe', 'inherit'],
        env: { ...process.env, ROUTE_BACK: back.join(' ') },
      })
      onTestFinished(async () => {
        child.stdin.end()
        if (child.exitCode === null) await once(child, 'exit')
      })
      await once(child.stdout, 'data')
    },
    async ask(options = {}) {
      const { stdout } = await within(near!, ...node, script('ask.ts'), JSON.stringify(options))
      return JSON.parse(stdout)
    },
  }
}
