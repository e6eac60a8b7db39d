import { expect, test } from 'vitest'
import { folder } from './support/cli.ts'
import { runInProcess } from './support/in-process.ts'

// errors quote what was typed, also before there is a configuration that says what is secret.

const places = [
  'URL',
  '--url=URL',
  'run http-json-api --rate URL',
  'run --set URL',
  'run --set targets.http.ulr=URL',
  'run --set targets.http.url=[URL',
  'run --set targets.http.options.password:SECRET',
  'run --config URL',
  'run --baseline URL',
  'run --tag URL',
  'run http-json-api --dry-run --reporter URL',
  'run http-json-api --dry-run --set targets.http.url=URL',
  'run --environment URL',
  'report URL',
  'up URL',
  'list extra URL',
  'config URL',
  'config --duration URL',
]

test.each(places)('cloudbench %s shows no password', async (place) => {
  const cwd = await folder()
  for (const secret of ['S3c ret/x?#@9', `it's "odd" <&> 100%`, 'lo ng\tand\nbroken', 'x y'])
    for (const before of ['redis://u:', 'http://:', 'postgres://', 'http:u:']) {
      const url = `${before}${secret}@h:1/x`
      const argv = place.split(' ').map((word) => word.replace('URL', url).replace('SECRET', secret))
      const { stdout, stderr } = await runInProcess(argv, cwd)
      expect(stdout + stderr).not.toBe('')
      // a user of PostgreSQL without a password is a name
      if (before !== 'postgres://') expect(stdout + stderr).not.toContain(secret)
    }
})

test.each(['*SECRET', '!SECRET x', '&SECRET *SECRETS', '|SECRET', '@SECRET', '"SECRET" SECRET', '"SECRET'])(
  'a syntax error at a password that is written %s does not show it',
  async (written) => {
    const password = written.replaceAll('SECRET', 'hunter2')
    const cwd = await folder({ 'cloudbench.config.yaml': `targets:\n  a:\n    password: ${password}\n` })
    const { code, stderr } = await runInProcess(['list'], cwd)
    expect(stderr).toMatch(/^CB_CONFIG/)
    expect(stderr).not.toContain('hunter2')
    expect(code).toBe(2)
  },
)
