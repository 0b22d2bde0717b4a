import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { type Browser, chromium } from 'playwright-core'
import { build, type Rolldown } from 'vite'
import { describe, expect, it, onTestFinished } from 'vitest'
import { findProgram } from './support/programs.ts'

/** What core may cost a page, as its README says. */
const BUDGET_BYTES = 47 * 1024
const BUDGET_GZIPPED_BYTES = 15 * 1024

/** Bundles one module for the browser, as a page would, and minifies it. */
async function bundle(entry: string): Promise<string> {
  const output = await build({
    configFile: false,
    logLevel: 'silent',
    resolve: { conditions: ['@mudwire/source'] },
    build: {
      write: false,
      target: 'es2022',
      lib: { entry, formats: ['iife'], name: 'bundle', fileName: 'bundle' },
    },
  })
  const [first] = (output as Rolldown.RolldownOutput[])[0]?.output ?? []
  if (!first) throw new Error('Nothing came out of the bundler.')
  return first.code
}

const program = findProgram('chromium')

describe('core in a browser', () => {
  it.skipIf(!program)('hands a connection over in the middle of a chunk', async () => {
    const code = await bundle(fileURLToPath(new URL('browser/hand-over.ts', import.meta.url)))
    expect(code).not.toContain('node:')
    const browser: Browser = await chromium.launch({
      executablePath: program as string,
      args: ['--no-sandbox'],
    })
    onTestFinished(() => browser.close())
    const page = await browser.newPage()
    const errors: unknown[] = []
    page.on('pageerror', (error) => errors.push(error))
    await page.addScriptTag({ content: code })
    const result = await page.evaluate(() => globalThis.handedOver)
    expect(result).toEqual(['first hellö', '{"acquired":true}', 'second and more €', 'later turns work'])
    expect(errors).toEqual([])
  })

  it('stays within its budget', async () => {
    const code = await bundle(fileURLToPath(new URL('../../../packages/core/src/index.ts', import.meta.url)))
    const sizes = { minified: Buffer.byteLength(code), gzipped: gzipSync(code).byteLength }
    expect(sizes.minified, `minified: ${sizes.minified}`).toBeLessThan(BUDGET_BYTES)
    expect(sizes.gzipped, `gzipped: ${sizes.gzipped}`).toBeLessThan(BUDGET_GZIPPED_BYTES)
  })
})
