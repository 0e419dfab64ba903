"""Jobs as the jobs page shows them."""

from sqlalchemy import func, select

from flaskr.extensions import db
from flaskr.tables import Job, JobLine


def jobs(limit: int = 60) -> list[Job]:
    """The newest jobs, newest first."""
    return list(db.session.scalars(select(Job).order_by(Job.id.desc()).limit(limit)))


def job(job_id: int) -> Job:
    """One job; KeyError for an unknown one."""
    found = db.session.get(Job, job_id) if job_id < 2**63 else None
    if found is None:
        raise KeyError(job_id)
    return found


def lines(job_id: int, limit: int = 500) -> tuple[list[JobLine], int]:
    """(the first lines of a job's log, how many there are)."""
    here = JobLine.job_id == job_id
    return (list(db.session.scalars(select(JobLine).where(here).order_by(JobLine.id).limit(limit))),
            db.session.scalar(select(func.count()).select_from(JobLine).where(here)))
