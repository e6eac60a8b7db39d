import { expect, test } from 'vitest'
import { demoMethod } from './demo.ts'
import { loopbackServer } from './loopback-server.ts'
import { opened } from './opened.ts'
import { send } from './slot.ts'

const shelf = 'shelves/${int:1:9}'

test.for([
  [
    'GetBook',
    { name: `${shelf}/books/\${uuid}`, tags: ['a b', 'c/d&e'], filter: { minPages: '9007199254740993' } },
    { name: 'name' },
  ],
  ['GetBook', { isbn: '${string:13}' }, {}],
  [
    'CreateBook',
    { parent: shelf, requestId: '${uuid}', book: { title: '${string:40}', pages: '${int:1:900}' } },
    { title: 'book.title', pages: 'book.pages' },
  ],
  [
    'UpdateBook',
    { name: `${shelf}/books/1`, price: 1.5, lent: '${choice:true:false}', labels: { a: '${uuid}' } },
    { name: 'name', price: 'price', lent: 'lent' },
  ],
  [
    'ArchiveBook',
    { name: 'shelves/1/a/b/${uuid}', reason: 'ö "${string:3}"' },
    { name: 'name', title: 'reason' },
  ],
])('%s of %j says the same natively and as JSON', async ([name, message, echo]) => {
  const { target } = await loopbackServer()
  const options = { method: demoMethod(name as string), message, expect: { echo } }
  for (const workload of ['unary', 'json'] as const) {
    const { connection } = await opened(target, options, { workload })
    for (let index = 0; index < 20; index++)
      expect(await send(connection, { index })).toEqual({ name: 'OK', ok: true, operation: workload })
  }
})
