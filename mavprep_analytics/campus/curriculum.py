"""What is taught on the simulated campus: subjects with topic trees, universities with their zones, names.

Only literal content; rows and random draws are made elsewhere.
"""

from dataclasses import dataclass
from typing import TypeAlias

TopicTree: TypeAlias = "dict[str, TopicTree]"


@dataclass(frozen=True)
class Course:
    """A subject and its topics; a topic without children is a leaf and holds questions."""

    code: str
    name: str
    university: str
    department: str
    topics: TopicTree


@dataclass(frozen=True)
class University:
    """A university and the zone most of its students live in."""

    name: str
    zone: str


def _leaves(*names: str) -> TopicTree:
    return {name: {} for name in names}


COURSES = (
    Course(
        "MATH 1426",
        "Calculus I",
        "University of Texas at Arlington",
        "Mathematics",
        {
            "Limits": _leaves("One-Sided Limits", "Limits at Infinity", "Continuity"),
            "Derivatives": {
                "Rules": _leaves("Power Rule", "Product & Quotient Rule", "Chain Rule"),
                "Applications": {
                    "Related Rates": {},
                    "Optimization": {},
                    "Curve Sketching": _leaves("Concavity", "Asymptotes"),
                },
            },
            "Integrals": _leaves("Antiderivatives", "Substitution", "Area Between Curves"),
        },
    ),
    Course(
        "CSE 1325",
        "Object-Oriented Programming",
        "University of Texas at Arlington",
        "Computer Science",
        {
            "Foundations": _leaves("Loops & Iteration", "Functions", "Recursion"),
            "Classes": {
                "Encapsulation": {},
                "Inheritance": _leaves("Overriding", "Abstract Classes"),
                "Generics": {},
            },
            "Testing": {},
        },
    ),
    Course(
        "PH1010",
        "Physics I",
        "Indian Institute of Technology Madras",
        "Physics",
        {
            "Kinematics": _leaves("Motion in One Dimension", "Projectiles"),
            "Dynamics": _leaves("Newton's Laws", "Friction", "Circular Motion"),
            "Energy": _leaves("Work", "Conservation"),
            "Waves": {},
        },
    ),
    Course(
        "CHEM-101",
        "General Chemistry",
        "University of Adelaide",
        "Chemistry",
        {
            "Atoms": _leaves("Electron Configuration", "Periodic Trends"),
            "Bonding": _leaves("Ionic Bonds", "Covalent Bonds", "Molecular Shape"),
            "Reactions": {
                "Stoichiometry": {},
                "Equilibrium": _leaves("Acids & Bases", "Buffers"),
            },
        },
    ),
    Course(
        "STAT 250",
        "Statistics",
        "Universität Wien",
        "Statistik",
        {
            "Describing Data": _leaves("Mean & Median", "Spread"),
            "Probability": _leaves("Conditional Probability", "Random Variables"),
            "Inference": {
                "Estimation": _leaves("Confidence Intervals", "Sample Size"),
                "Hypothesis Tests": _leaves("t-Tests", "Chi-Square Tests"),
            },
        },
    ),
    Course(
        "ECON 110",
        "Microeconomics",
        "Memorial University of Newfoundland",
        "Economics",
        {
            "Markets": _leaves("Supply", "Demand", "Elasticity"),
            "Firms": _leaves("Costs", "Competition", "Monopoly"),
            "Uncertainty": _leaves("Probability", "Insurance"),
        },
    ),
)

UNIVERSITIES = (
    University("University of Texas at Arlington", "America/Chicago"),
    University("Arizona State University", "America/Phoenix"),
    University("Indian Institute of Technology Madras", "Asia/Kolkata"),
    University("Tribhuvan University", "Asia/Kathmandu"),
    University("University of Adelaide", "Australia/Adelaide"),
    University("Universität Wien", "Europe/Vienna"),
    University("Memorial University of Newfoundland", "America/St_Johns"),
    University("University of Auckland", "Pacific/Auckland"),
    University("東京大学", "Asia/Tokyo"),
    University("جامعة القاهرة", "Africa/Cairo"),
)

MALFORMED_ZONES = ("Central Time (US)", "UTC+25", "Mars/Olympus_Mons", "america chicago")

_NAMES = (
    ("Emma Liam Noah Olivia Ava Maya Siobhán J.R.", "Smith Johnson Brown O'Neill Williams St.John"),
    ("Ana José Mateo Lucía Thiago", "García Silva Rossi de-la-Cruz Fernández Núñez"),
    ("Zoë Łukasz Søren Chloé Ömer Björk", "Müller Nowak Sørensen Lefèvre van-der-Berg Đorđević"),
    ("Priya Arjun Aditi Rohan Bishnu", "Patel Iyer Sharma Thapa Gurung"),
    ("Tāne Aroha Kahu Mere", "Ngata Paewai Tūhoro"),
    ("Иван Ольга Пётр", "Иванов Петренко Коваль"),
    ("Γιώργος Ελένη Νίκος", "Παπαδόπουλος Γεωργίου Νικολάου"),
    ("美咲 大翔 蓮 陽菜", "佐藤 鈴木 高橋"),
    ("민준 서연 지우", "김 이 박"),
    ("محمد فاطمة يوسف", "حسن السيد إبراهيم"),
    ("נועה אורי תמר", "כהן לוי מזרחי"),
)
FULL_NAMES = tuple(
    f"{given} {family}".replace("-", " ")
    for givens, families in _NAMES
    for given in givens.split()
    for family in families.split()
)
"""Names of many scripts, each of one culture; several students may share one."""
MAJORS = ("Computer Science", "Physics", "Mathematics", "Chemistry", "Économie", "Undecided")
INSTRUCTORS = ("Dr. Jane Smith", "Prof. R. Iyer", "Dr. Lena Bauer", "Dr. Kahu Ngata")
