import { Redis } from 'ioredis'
import driver from '../src/index.ts'

// A loopback that was used and closed leaves nothing that keeps the process alive.

const { target, close } = await driver.loopback!({})
const client = new Redis(target)
await client.set('a', 'b')
const value = await client.get('a')
client.disconnect()
await close()
process.on('exit', () => {
  process.stdout.write(`read ${value}, left: ${process.getActiveResourcesInfo().join()}`)
})
