import { describe, expect, onTestFinished, test } from 'vitest'
import { startService } from '../../src/index.ts'
import { pushgateway } from '../../src/pushgateway/definition.ts'
import { withoutPushgateway } from '../support/installed.ts'
import { stateFolder } from '../support/state-folder.ts'
import { eventually } from '../support/wait.ts'

describe.skipIf(withoutPushgateway)('pushgateway', () => {
  test('left running it has its usual port where that is free, and another where it is not', async () => {
    const usual = pushgateway.url(pushgateway.defaultPort)
    const stateDir = await stateFolder()
    // another test, or the person who runs them, may have one of their own there
    await eventually(async () => {
      const first = await startService('pushgateway', { stateDir, how: 'local' })
      if (first.url !== usual) await first.stop()
      return first.url === usual
    })
    const second = await startService('pushgateway', { stateDir: await stateFolder(), how: 'local' })
    expect(second.url).not.toBe(usual)
  })

  test('one that ends with a program never has it', async () => {
    const options = { stateDir: await stateFolder(), how: 'local', attached: true } as const
    const service = await startService('pushgateway', options)
    onTestFinished(() => service.stop())
    expect(new URL(service.url).port).not.toBe(String(pushgateway.defaultPort))
  })
})
