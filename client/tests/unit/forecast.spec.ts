import { mount } from '@vue/test-utils'
import { expect, test } from 'vitest'

import CaseForecast from '@/components/case-forecast.vue'
import type { CaseForecast as Forecast } from '@/lib/types'

const given: Forecast = {
  sentence: '最近100件里，一半5个工作日办完，十件有九件8个工作日办完', half_by: '2026-11-23', most_by: '2026-11-26', took_days: null, calibration: '',
}

test('both days are said, and that a forecast is no promise', () => {
  const shown = mount(CaseForecast, { props: { forecast: given } }).text()

  expect(shown).toContain('最慢一般到')
  expect(shown).toContain('十件有九件8个工作日办完')
  expect(shown).toContain('不是承诺')
})

test('what was forecast stays beside what it took', () => {
  const shown = mount(CaseForecast, { props: { forecast: { ...given, took_days: 0 } } }).text()

  expect(shown).toContain('实际当天办完')
  expect(shown).toContain('受理时的预测')
})
