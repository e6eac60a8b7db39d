import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const version = 'v1.7.0'

/**
 * Builds `go-amqp/main.go`, with Go and the module as they are on this machine: `go get github.com/Azure/go-amqp@v1.7.0`
 * in any module puts it there. Without them, the path of a program that does not exist.
 */
export function buildGoClient(): string {
  const folder = mkdtempSync(join(tmpdir(), 'cloudbench-go-amqp-'))
  const program = join(folder, 'go-amqp')
  copyFileSync(fileURLToPath(new URL('go-amqp/main.go', import.meta.url)), join(folder, 'main.go'))
  writeFileSync(
    join(folder, 'go.mod'),
    `module bench\n\ngo 1.25\n\nrequire github.com/Azure/go-amqp ${version}\n`,
  )
  const env = { ...process.env, GOFLAGS: '-mod=mod', GOPROXY: 'off', GOSUMDB: 'off' }
  try {
    execFileSync('go', ['build', '-o', program, '.'], { cwd: folder, env, stdio: 'ignore' })
  } catch {
    // the row says that it is not installed
  }
  return program
}
