// The page has no bundler: what the browser loads is what stands in dist, module for module.
import { cp } from 'node:fs/promises'

await cp(new URL('static', import.meta.url), new URL('dist', import.meta.url), { recursive: true })
