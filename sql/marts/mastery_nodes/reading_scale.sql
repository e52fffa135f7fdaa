-- what: one row per reading: what to multiply the state's sums with to have them in billionths of an answer
-- reads: half_life_phases
-- why: 10^9 * 2^((anchor - reading day) / 60) / 2^20, the same number on every engine
-- notes: a mantissa by a power of two and a whole number, so nothing is rounded twice
select
    cast(mantissa as double)
    * pow(2e0, ($reading_day // 1826 * 1826 - $reading_day + 60000) // 60 - 1080)
    * 1e9
        as scale
from half_life_phases
where phase = ($reading_day // 1826 * 1826 - $reading_day + 60000) % 60
