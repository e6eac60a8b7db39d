import { createServer } from 'node:net'

// a server that does next to nothing, so that the load is what is measured, in a process of its own: answers every request
// whose head is whole with the same kilobyte, and prints its url.

const end = Buffer.from('\r\n\r\n')
const body = Buffer.alloc(1024, 'x')
const head = `HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ndate: ${new Date().toUTCString()}\r\ncontent-length: ${body.length}\r\n\r\n`
const answer = Buffer.concat([Buffer.from(head), body])
const answers = Array.from({ length: 101 }, (_, count) => Buffer.concat(Array<Buffer>(count).fill(answer)))

const server = createServer({ noDelay: true }, (socket) => {
  socket.on('data', (data: Buffer) => {
    let count = 0
    for (let at = data.indexOf(end); at !== -1; at = data.indexOf(end, at + end.length)) count++
    socket.write(answers[count]!)
  })
  socket.on('error', () => socket.destroy())
})
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as { readonly port: number }
  process.stdout.write(`http://127.0.0.1:${port}/`)
})
process.stdin.on('end', () => process.exit()).resume()
