-- what: one row per flashcard of a student with PROFILE and topic that one of its tags names
-- reads: catalogue_topics, core_decks, core_flashcards, core_profiles, subject_names
-- why: tags are free text; only those that name a topic say what a card is about
-- notes: slug within the deck's subject, else a slug that one topic alone has; two tags of one topic count once
with tags as (
    select
        user_id,
        card_id,
        deck_id,
        unnest(tags) as tag
    from core_flashcards
    where tags is not null
),

slugged as (
    select
        tags.user_id,
        tags.card_id,
        coalesce(by_id.subject_id, by_code.subject_id) as subject_id,
        regexp_replace(lower(tags.tag), '[^\p{L}\p{N}]+', '-', 'g') as slug
    from tags
    inner join core_profiles as profiles on tags.user_id = profiles.user_id
    left join core_decks as decks
        on tags.user_id = decks.user_id and tags.deck_id = decks.deck_id
    left join subject_names as by_id
        on by_id.kind = 'id' and lower(decks.subject_ref) = by_id.name
    left join subject_names as by_code
        on by_code.kind = 'code' and lower(trim(decks.subject_ref)) = by_code.name
),

within_subject as (
    select
        subject_id,
        slug,
        min(topic_id) as topic_id
    from catalogue_topics
    group by subject_id, slug
    having count(*) = 1
),

overall as (
    select
        slug,
        min(topic_id) as topic_id
    from catalogue_topics
    group by slug
    having count(*) = 1
)

select distinct
    slugged.user_id,
    slugged.card_id,
    coalesce(within_subject.topic_id, overall.topic_id) as topic_id
from slugged
left join within_subject
    on slugged.subject_id = within_subject.subject_id and slugged.slug = within_subject.slug
left join overall on slugged.slug = overall.slug
where coalesce(within_subject.topic_id, overall.topic_id) is not null
