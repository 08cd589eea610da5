"""Courses are recommended for points of the assessment tool, by their keys there."""

from assessment.bank import load_bank
from training import catalogue


def test_every_point_of_the_catalogue_is_one_of_the_bank() -> None:
    known = {(cluster.key, point.key) for cluster in load_bank().clusters for point in cluster.points}
    named = {(one.cluster, one.point) for course in catalogue.load().values() for one in course.points}
    assert len(named) > 20
    assert named - known == set()


def test_every_cluster_has_a_course() -> None:
    answered = {one.cluster for course in catalogue.load().values() for one in course.points}
    assert {cluster.key for cluster in load_bank().clusters} - answered == set()
