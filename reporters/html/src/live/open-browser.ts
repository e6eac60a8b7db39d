import { spawn } from 'node:child_process'

/** Shows a page to the person in front of this machine. Without a shell: the url is one argument, and nothing reads it twice. */
export function openBrowser(url: string): void {
  const [program, ...args] = opener()
  const child = spawn(program, [...args, url], { stdio: 'ignore', detached: true })
  // the url is on the screen anyway
  child.on('error', () => {})
  child.unref()
}

/** Whether there is a person, and a screen for a browser. */
export function hasPerson(isTerminal: boolean, env: NodeJS.ProcessEnv = process.env): boolean {
  const isCi = env['CI'] !== undefined && env['CI'] !== '' && env['CI'] !== 'false'
  if (!isTerminal || isCi) return false
  if (process.platform === 'win32' || process.platform === 'darwin')
    return env['SSH_CONNECTION'] === undefined
  return Boolean(env['DISPLAY'] ?? env['WAYLAND_DISPLAY'])
}

function opener(): readonly [string, ...string[]] {
  if (process.platform === 'darwin') return ['open']
  if (process.platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler']
  return ['xdg-open']
}
