from apps.reports.models.outline import Outline
from apps.reports.models.parts import ReportBlock, ReportFigure, ReportGap
from apps.reports.models.report import Report

__all__ = ["Outline", "Report", "ReportBlock", "ReportFigure", "ReportGap"]
