-- what: one row per model, with how good its predictions of the last whole ISO week were
-- reads: predictions
-- why: a number that students see must keep its word, and be seen to
-- notes: whole numbers until the last division, so that engines agree; null under the fewest answers, for then luck alone looks like error
with models as (
    select unnest(['mastery', 'percent_correct']) as model
),

tenths as (
    select
        model,
        least(chance_millionths // 100000, 9) as tenth,
        count(*) as answers,
        cast(
            abs(
                cast(sum(case when is_correct then 1000000 else 0 end) as bigint)
                - cast(sum(chance_millionths) as bigint)
            ) as bigint
        ) as gap_millionths,
        cast(
            sum(
                cast(
                    floor(
                        ln(
                            case
                                when is_correct then chance_millionths
                                else 1000000 - chance_millionths
                            end / 1e6
                        ) * -1e9 + 0.5e0
                    ) as bigint
                )
            ) as bigint
        ) as loss_nanos
    from predictions
    group by model, least(chance_millionths // 100000, 9)
),

weeks as (
    select
        model,
        cast(sum(answers) as bigint) as answers,
        cast(sum(gap_millionths) as bigint) as gap_millionths,
        cast(sum(loss_nanos) as bigint) as loss_nanos
    from tenths
    group by model
),

students as (
    select
        model,
        count(distinct student) as students
    from predictions
    group by model
)

select
    $reading_day - 6 as week_start,
    models.model,
    coalesce(weeks.answers, 0) as answers,
    coalesce(students.students, 0) as students,
    case
        when weeks.answers >= $fewest_answers
            then cast(
                cast(
                    (2 * weeks.gap_millionths + 100 * weeks.answers)
                    // nullif(200 * weeks.answers, 0) as decimal(9, 0)
                ) * 0.0001 as decimal(5, 4)
            )
    end as ece,
    case
        when weeks.answers >= $fewest_answers
            then cast(
                cast(
                    (2 * weeks.loss_nanos + 100000 * weeks.answers)
                    // nullif(200000 * weeks.answers, 0) as decimal(9, 0)
                ) * 0.0001 as decimal(6, 4)
            )
    end as log_loss
from models
left join weeks on models.model = weeks.model
left join students on models.model = students.model
