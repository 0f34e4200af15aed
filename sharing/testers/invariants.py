"""What must always be true of panels."""

from shop.foundation.invariants import invariant

invariant(
    6,
    "A panel's and a tester's state equal their latest move",
    """
    SELECT 'panel' AS what, panel.id::text AS id, panel.state, latest.to_state AS latest_move
    FROM sharing_panel panel
    LEFT JOIN LATERAL (
        SELECT move.to_state FROM sharing_paneltransition move
        WHERE move.subject_id = panel.id ORDER BY move.id DESC LIMIT 1
    ) latest ON true
    WHERE panel.state IS DISTINCT FROM latest.to_state
    UNION ALL
    SELECT 'tester', tester.id::text, tester.state, latest.to_state
    FROM sharing_tester tester
    LEFT JOIN LATERAL (
        SELECT move.to_state FROM sharing_testertransition move
        WHERE move.subject_id = tester.id ORDER BY move.id DESC LIMIT 1
    ) latest ON true
    WHERE tester.state IS DISTINCT FROM latest.to_state
    """,
)
invariant(
    6,
    "Exactly the testers of open panels see the frames of theirs early",
    """
    (
        SELECT look.source AS panel, look.user_id AS customer, look.frame_id AS frame
        FROM shop_earlylook look
        JOIN sharing_panel panel ON panel.id = look.source
        EXCEPT
        SELECT panel.id, tester.user_id, frame.frame_id
        FROM sharing_panel panel
        JOIN sharing_tester tester ON tester.panel_id = panel.id AND tester.state = 'accepted'
        JOIN sharing_panelframe frame ON frame.panel_id = panel.id
        WHERE panel.state = 'open'
    )
    UNION ALL
    (
        SELECT panel.id, tester.user_id, frame.frame_id
        FROM sharing_panel panel
        JOIN sharing_tester tester ON tester.panel_id = panel.id AND tester.state = 'accepted'
        JOIN sharing_panelframe frame ON frame.panel_id = panel.id
        WHERE panel.state = 'open'
        EXCEPT
        SELECT look.source, look.user_id, look.frame_id FROM shop_earlylook look
    )
    """,
)
invariant(
    7,
    "An answer is to a question, and about a frame, of its tester's own panel",
    """
    SELECT answer.id AS answer, tester.panel_id AS panel
    FROM sharing_answer answer
    JOIN sharing_question question ON question.id = answer.question_id
    JOIN sharing_feedback feedback ON feedback.id = answer.feedback_id
    JOIN sharing_tester tester ON tester.id = feedback.tester_id
    WHERE question.panel_id <> tester.panel_id
    """,
)
