import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { extname } from 'node:path'

interface Page {
  readonly type: string
  readonly body: Buffer
  readonly etag: string
}

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
}

/** Nothing from elsewhere, nothing inline, and in nobody's frame. */
const HEADERS: Readonly<Record<string, string>> = {
  'Cache-Control': 'no-cache',
  'Content-Security-Policy':
    "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'",
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
}

/** Reads the client's files once; what is not among them does not exist. */
export async function readPages(folder: URL): Promise<ReadonlyMap<string, Page>> {
  const pages = new Map<string, Page>()
  for (const name of await readdir(folder)) {
    const type = TYPES[extname(name)]
    if (!type) continue
    const body = await readFile(new URL(name, folder))
    const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`
    pages.set(`/${name}`, { type, body, etag })
    if (name === 'index.html') pages.set('/', { type, body, etag })
  }
  return pages
}

/**
 * Makes the HTTP server of the pages; WebSocket connections come to it as well. Its deadlines are short: a client that
 * is slow to ask, or that never finishes asking for an upgrade, is not waited for.
 */
export function createPageServer(pages: ReadonlyMap<string, Page>): Server {
  const server = createServer(
    {
      headersTimeout: 10_000,
      requestTimeout: 20_000,
      connectionsCheckingInterval: 2_000,
      maxHeaderSize: 8 * 1024,
    },
    (request, response) => respond(pages, request, response),
  )
  server.on('clientError', ({ code = '' }: NodeJS.ErrnoException, socket) => {
    const status = STATUS_BY_ERROR[code] ?? '400 Bad Request'
    if (socket.writable) socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`)
    else socket.destroy()
  })
  return server
}

/** What a client is told that did not manage to ask for anything. */
const STATUS_BY_ERROR: Readonly<Record<string, string>> = {
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
}

function respond(pages: ReadonlyMap<string, Page>, request: IncomingMessage, response: ServerResponse): void {
  const path = (request.url ?? '/').split('?', 1)[0] ?? '/'
  const page = pages.get(path)
  // Nothing here reads a body.
  request.resume()
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.writeHead(405, { ...HEADERS, Allow: 'GET, HEAD' }).end()
  } else if (!page) {
    response
      .writeHead(404, { ...HEADERS, 'Content-Type': 'text/plain; charset=utf-8' })
      .end('There is no such page.\n')
  } else if (request.headers['if-none-match'] === page.etag) {
    response.writeHead(304, { ...HEADERS, ETag: page.etag }).end()
  } else {
    response.writeHead(200, {
      ...HEADERS,
      'Content-Type': page.type,
      'Content-Length': page.body.byteLength,
      ETag: page.etag,
    })
    response.end(request.method === 'HEAD' ? undefined : page.body)
  }
}
