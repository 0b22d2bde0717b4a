import { once } from 'node:events'
import { request } from 'node:http'
import { connect } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { expect, it } from 'vitest'
import { openBrowser } from './support/browser.ts'
import { findProgram } from './support/programs.ts'
import { startServer } from './support/server.ts'

const chromium = findProgram('chromium')

/** What an HTTP client gets on a port. */
async function ask(
  port: number,
  method: string,
  body?: string,
): Promise<{
  readonly status: number | undefined
  readonly text: string
  readonly length: string | undefined
}> {
  const call = request({ port, host: '127.0.0.1', method, path: '/say', agent: false })
  call.end(body)
  const [response] = await once(call, 'response')
  let text = ''
  for await (const chunk of response) text += chunk
  return { status: response.statusCode, text, length: response.headers['content-length'] }
}

it('whoever speaks HTTP to the telnet port is told where the page is', async () => {
  const server = await startServer()
  const sentence = `This port speaks telnet. To play in a browser, go to port ${server.httpPort} of this host.\n`
  expect(await ask(server.telnetPort, 'GET')).toMatchObject({ status: 400, text: sentence })
  expect(await ask(server.telnetPort, 'HEAD')).toEqual({
    status: 400,
    text: '',
    length: `${sentence.length}`,
  })
})

it('no web page can make somebody play', async () => {
  const server = await startServer()
  const watcher = connect(server.telnetPort, '127.0.0.1')
  let seen = ''
  watcher.on('data', (chunk) => {
    seen += chunk
  })
  watcher.write('Ada\r\n\r\n')
  while (!seen.includes('Welcome, Ada')) await once(watcher, 'data')
  expect((await ask(server.telnetPort, 'POST', 'Mallory\r\n\r\nsay hello\r\n')).status).toBe(400)
  watcher.write('who\r\n')
  while (!seen.includes('in the world')) await once(watcher, 'data')
  expect(seen).toContain('You are alone in the world.')
  expect(seen).not.toContain('Mallory')
  watcher.destroy()
  expect(server.log()).toContain('A peer spoke HTTP where telnet is spoken. It has been told so.')
})

it('whoever speaks TLS to it is told by an alert, not by a broken connection', async () => {
  const server = await startServer()
  const client = connectTls({ port: server.telnetPort, host: '127.0.0.1', rejectUnauthorized: false })
  const [error] = await once(client, 'error')
  expect(error.code).toMatch(/^ERR_SSL_.*HANDSHAKE_FAILURE$/)
})

it.skipIf(!chromium)('a browser shows it', async () => {
  const server = await startServer()
  const page = await openBrowser(chromium as string)
  const response = await page.goto(`http://127.0.0.1:${server.telnetPort}/`)
  expect(response?.status()).toBe(400)
  expect(await page.locator('body').textContent()).toContain('To play in a browser, go to port')
  await expect(page.goto(`https://127.0.0.1:${server.telnetPort}/`)).rejects.toThrow(
    'ERR_SSL_VERSION_OR_CIPHER_MISMATCH',
  )
})
