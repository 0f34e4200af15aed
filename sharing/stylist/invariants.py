"""What must always be true of threads."""

from shop.foundation.invariants import invariant

invariant(
    6,
    "A thread's state equals its latest move and is about its own customer's trial or gallery",
    """
    SELECT thread.id AS thread, thread.state, latest.to_state AS latest_move
    FROM sharing_thread thread
    LEFT JOIN trials_trial trial ON trial.id = thread.trial_id
    LEFT JOIN sharing_gallery gallery ON gallery.id = thread.gallery_id
    LEFT JOIN LATERAL (
        SELECT move.to_state
        FROM sharing_threadtransition move
        WHERE move.subject_id = thread.id
        ORDER BY move.id DESC
        LIMIT 1
    ) latest ON true
    WHERE thread.state IS DISTINCT FROM latest.to_state
        OR thread.customer_id <> coalesce(trial.user_id, gallery.owner_id)
    """,
)
invariant(
    6,
    "A thread waits since the first question after its last answer",
    """
    SELECT thread.id AS thread, thread.waiting_since, first.at AS first_unanswered
    FROM sharing_thread thread
    LEFT JOIN LATERAL (
        SELECT min(question.at) AS at
        FROM sharing_message question
        WHERE question.thread_id = thread.id AND NOT question.from_staff
            AND question.id > coalesce((
                SELECT max(answer.id) FROM sharing_message answer
                WHERE answer.thread_id = thread.id AND answer.from_staff
            ), 0)
    ) first ON true
    WHERE thread.waiting_since IS DISTINCT FROM first.at
    """,
)
