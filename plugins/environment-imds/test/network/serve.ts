import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { services } from '@cloudbench/fixtures/metadata-services'

/**
 * Serves a cloud's metadata on port 80 of addresses: `serve.ts aws 169.254.169.254`. Ends with its standard input.
 * `aws-one-hop` lets answers with a token make one hop, as AWS does unless it is told otherwise.
 */
const [name, ...addresses] = process.argv.slice(2)
const [back = '', via = ''] = process.env['ROUTE_BACK']?.split(' ') ?? []
const aws = services.aws()
const oneHop: RequestListener = (request, response) => {
  if (request.method === 'PUT') execFileSync('ip', ['route', 'change', back, 'via', via, 'hoplimit', '1'])
  aws(request, response)
}
const listener = name === 'aws-one-hop' ? oneHop : services[name as keyof typeof services]()
for (const address of addresses) {
  const server = createServer(listener).listen(80, address)
  await once(server, 'listening')
}
console.log('ready')
process.stdin.on('end', () => process.exit(0)).resume()
