"""first tables

Revision ID: 0001
Revises:
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(), nullable=False),
        sa.Column("nickname", sa.String(), nullable=False),
        sa.Column("nickname_key", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("roles", JSON, nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("large_text", sa.Boolean(), nullable=False),
        sa.Column("easy_words", sa.Boolean(), nullable=False),
        sa.Column("suspended", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("nickname_key", name=op.f("uq_account_nickname_key")),
        sa.UniqueConstraint("public_id", name=op.f("uq_account_public_id")),
    )
    op.create_table(
        "account_tally",
        sa.Column("bucket", sa.String(), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("bucket", "ends_at", name=op.f("pk_account_tally")),
    )
    with op.batch_alter_table("account_tally", schema=None) as batch_op:
        batch_op.create_index("ix_account_tally_ends_at", ["ends_at"], unique=False)

    op.create_table(
        "catalog_course",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("track", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("hours", sa.Numeric(), nullable=False),
        sa.Column("card", JSON, nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=True),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["revision_id"],
            ["catalog_revision.id"],
            name=op.f("fk_catalog_course_revision_id_catalog_revision"),
            use_alter=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalog_course")),
        sa.UniqueConstraint("key", name=op.f("uq_catalog_course_key")),
    )
    op.create_table(
        "catalog_medium",
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("content_type", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_catalog_medium")),
    )
    op.create_table(
        "account_audit_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("about_id", sa.Integer(), nullable=True),
        sa.Column("deed", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["about_id"],
            ["account.id"],
            name=op.f("fk_account_audit_entry_about_id_account"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["by_id"],
            ["account.id"],
            name=op.f("fk_account_audit_entry_by_id_account"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_audit_entry")),
    )
    with op.batch_alter_table("account_audit_entry", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_account_audit_entry_about_id"), ["about_id"], unique=False
        )

    op.create_table(
        "account_device",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("acknowledged", sa.Boolean(), nullable=False),
        sa.Column("signed_in_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_account_device_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_device")),
        sa.UniqueConstraint("public_id", name=op.f("uq_account_device_public_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_account_device_token_hash")),
    )
    with op.batch_alter_table("account_device", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_account_device_account_id"), ["account_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_account_device_last_seen_at"), ["last_seen_at"], unique=False
        )

    op.create_table(
        "account_invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(), nullable=False),
        sa.Column("code_hash", sa.String(), nullable=False),
        sa.Column("roles", JSON, nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["made_by"],
            ["account.id"],
            name=op.f("fk_account_invitation_made_by_account"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_invitation")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_account_invitation_code_hash")),
        sa.UniqueConstraint("public_id", name=op.f("uq_account_invitation_public_id")),
    )
    op.create_table(
        "account_recovery_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_account_recovery_code_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_recovery_code")),
        sa.UniqueConstraint(
            "account_id", "code_hash", name=op.f("uq_account_recovery_code_account_id_code_hash")
        ),
    )
    op.create_table(
        "catalog_revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("outline", JSON, nullable=False),
        sa.Column("renderer", sa.String(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["course_id"],
            ["catalog_course.id"],
            name=op.f("fk_catalog_revision_course_id_catalog_course"),
        ),
        sa.ForeignKeyConstraint(
            ["published_by"],
            ["account.id"],
            name=op.f("fk_catalog_revision_published_by_account"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalog_revision")),
        sa.UniqueConstraint(
            "course_id", "number", name=op.f("uq_catalog_revision_course_id_number")
        ),
    )
    # The two tables point at each other. SQLite took the key with the first table; PostgreSQL takes it now.
    if op.get_bind().dialect.name == "postgresql":
        op.create_foreign_key(
            op.f("fk_catalog_course_revision_id_catalog_revision"),
            "catalog_course",
            "catalog_revision",
            ["revision_id"],
            ["id"],
        )
    op.create_table(
        "catalog_search_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("lesson_key", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"],
            ["catalog_course.id"],
            name=op.f("fk_catalog_search_entry_course_id_catalog_course"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalog_search_entry")),
    )
    with op.batch_alter_table("catalog_search_entry", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_catalog_search_entry_course_id"), ["course_id"], unique=False
        )

    op.create_table(
        "learning_kept_word",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("word_id", sa.String(), nullable=False),
        sa.Column("unused", sa.Boolean(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_learning_kept_word_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", "word_id", name=op.f("pk_learning_kept_word")),
    )
    op.create_table(
        "progress_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("course_key", sa.String(), nullable=False),
        sa.Column("lesson_key", sa.String(), nullable=False),
        sa.Column("block_key", sa.String(), nullable=False),
        sa.Column("client_id", sa.String(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("misconceptions", JSON, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_progress_attempt_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_progress_attempt")),
        sa.UniqueConstraint(
            "account_id",
            "course_key",
            "lesson_key",
            "block_key",
            "client_id",
            name=op.f("uq_progress_attempt_account_id_course_key_lesson_key_block_key_client_id"),
        ),
    )
    with op.batch_alter_table("progress_attempt", schema=None) as batch_op:
        batch_op.create_index(
            "ix_progress_attempt_question", ["course_key", "lesson_key", "block_key"], unique=False
        )

    op.create_table(
        "progress_completion",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("course_key", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("titles", JSON, nullable=False),
        sa.Column("hours", sa.Numeric(), nullable=False),
        sa.Column("revision", sa.String(), nullable=False),
        sa.Column("completed_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_progress_completion_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", "course_key", name=op.f("pk_progress_completion")),
        sa.UniqueConstraint("code", name=op.f("uq_progress_completion_code")),
    )
    op.create_table(
        "progress_lesson_state",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("course_key", sa.String(), nullable=False),
        sa.Column("lesson_key", sa.String(), nullable=False),
        sa.Column("seen", JSON, nullable=False),
        sa.Column("answers", JSON, nullable=False),
        sa.Column("bookmarks", JSON, nullable=False),
        sa.Column("last_block", sa.String(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_progress_lesson_state_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "account_id", "course_key", "lesson_key", name=op.f("pk_progress_lesson_state")
        ),
    )
    with op.batch_alter_table("progress_lesson_state", schema=None) as batch_op:
        batch_op.create_index(
            "ix_progress_lesson_state_latest", ["account_id", "last_at"], unique=False
        )

    op.create_table(
        "progress_reflection",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("course_key", sa.String(), nullable=False),
        sa.Column("lesson_key", sa.String(), nullable=False),
        sa.Column("block_key", sa.String(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("shown", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_progress_reflection_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "account_id",
            "course_key",
            "lesson_key",
            "block_key",
            name=op.f("pk_progress_reflection"),
        ),
    )
    op.create_table(
        "catalog_lesson_page",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("lesson_key", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("rendered", sa.Text(), nullable=False),
        sa.Column("questions", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["revision_id"],
            ["catalog_revision.id"],
            name=op.f("fk_catalog_lesson_page_revision_id_catalog_revision"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalog_lesson_page")),
        sa.UniqueConstraint(
            "revision_id",
            "lesson_key",
            "language",
            name=op.f("uq_catalog_lesson_page_revision_id_lesson_key_language"),
        ),
    )
    op.create_table(
        "catalog_search_gram",
        sa.Column("gram", sa.String(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"],
            ["catalog_search_entry.id"],
            name=op.f("fk_catalog_search_gram_entry_id_catalog_search_entry"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("gram", "entry_id", name=op.f("pk_catalog_search_gram")),
    )
    with op.batch_alter_table("catalog_search_gram", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_catalog_search_gram_entry_id"), ["entry_id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("catalog_search_gram", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_catalog_search_gram_entry_id"))

    op.drop_table("catalog_search_gram")
    op.drop_table("catalog_lesson_page")
    op.drop_table("progress_reflection")
    with op.batch_alter_table("progress_lesson_state", schema=None) as batch_op:
        batch_op.drop_index("ix_progress_lesson_state_latest")

    op.drop_table("progress_lesson_state")
    op.drop_table("progress_completion")
    with op.batch_alter_table("progress_attempt", schema=None) as batch_op:
        batch_op.drop_index("ix_progress_attempt_question")

    op.drop_table("progress_attempt")
    op.drop_table("learning_kept_word")
    with op.batch_alter_table("catalog_search_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_catalog_search_entry_course_id"))

    op.drop_table("catalog_search_entry")
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(
            op.f("fk_catalog_course_revision_id_catalog_revision"),
            "catalog_course",
            type_="foreignkey",
        )
    op.drop_table("catalog_revision")
    op.drop_table("account_recovery_code")
    op.drop_table("account_invitation")
    with op.batch_alter_table("account_device", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_account_device_last_seen_at"))
        batch_op.drop_index(batch_op.f("ix_account_device_account_id"))

    op.drop_table("account_device")
    with op.batch_alter_table("account_audit_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_account_audit_entry_about_id"))

    op.drop_table("account_audit_entry")
    op.drop_table("catalog_medium")
    op.drop_table("catalog_course")
    with op.batch_alter_table("account_tally", schema=None) as batch_op:
        batch_op.drop_index("ix_account_tally_ends_at")

    op.drop_table("account_tally")
    op.drop_table("account")
