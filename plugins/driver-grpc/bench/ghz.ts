import { execFile, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { once } from 'node:events'
import { promisify } from 'node:util'

const program = 'ghz'

/** Of the kernel's accounting. */
const tickUs = 10_000

/** Whether ghz (https://ghz.sh) is on the PATH. */
export async function hasGhz(): Promise<boolean> {
  return promisify(execFile)(program, ['--version']).then(
    () => true,
    () => false,
  )
}

/** CPU microseconds per call of ghz, including its start, over one connection with as many calls in flight as given. */
export async function ghz(target: string, calls: number, inFlight: number): Promise<number> {
  const data = JSON.stringify({ name: 'shelves/1/books/0af76519-16cd-43dd-8448-eb211c80319c' })
  const how = ['--insecure', '--connections', '1', '-n', String(calls), '-c', String(inFlight)]
  const what = ['--call', 'cloudbench.demo.v1.Library.GetBook', '-d', data, target.replace('grpc://', '')]
  const child = spawn(program, [...how, ...what], { stdio: ['ignore', 'ignore', 'inherit'] })
  let ticks = 0
  // the numbers are gone when the process ends, so they are read until then
  const timer = setInterval(() => {
    try {
      const stat = readFileSync(`/proc/${child.pid}/stat`, 'utf8')
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      ticks = Math.max(ticks, Number(fields[11]) + Number(fields[12]))
    } catch {
      // it has ended
    }
  }, 5)
  const [code] = (await once(child, 'exit')) as [number | null]
  clearInterval(timer)
  if (code !== 0) throw new Error(`ghz ended with ${code}`)
  return (ticks * tickUs) / calls
}
