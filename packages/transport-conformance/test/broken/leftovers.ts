import { EventEmitter } from 'node:events'
import { createServer } from 'node:net'
import { type Breach, over, withLink, withListener } from './breach.ts'

const afterLinks = 'leaves nothing behind after 1,000 links'

export const leftoverBreaches: readonly Breach[] = [
  {
    rule: afterLinks,
    does: 'has a timer for every link',
    complaint: /\d{3} × Timeout/,
    setup: withLink(() => {
      setTimeout(() => {}, 60_000).unref()
      return {}
    }),
  },
  {
    rule: afterLinks,
    does: 'listens to the process for every link',
    complaint: /1000 × listener of 'never'/,
    setup: withLink(() => {
      process.setMaxListeners(0)
      process.on('never' as 'exit', () => {})
      return {}
    }),
  },
  {
    rule: afterLinks,
    does: 'listens to a server for every link',
    complaint: /1000 × listener of 'close'/,
    setup: () => {
      const server = new EventEmitter().setMaxListeners(0)
      const links = withLink(() => {
        server.on('close', () => {})
        return {}
      })
      return over(links(), { emitters: [server] })
    },
  },
  {
    rule: 'leaves nothing behind when it is closed',
    does: 'leaves its server open',
    complaint: /1 × TCPServerWrap/i,
    setup: () => {
      const server = createServer()
      const listener = withListener({
        listening() {
          server.listen(0, '127.0.0.1')
          return {}
        },
      })
      return over(listener(), { close: async () => void server.close() })
    },
  },
]
