"""Half-days of volunteering 志愿服务."""
