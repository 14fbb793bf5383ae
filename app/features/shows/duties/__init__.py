"""The duty list 亮清单: what each member is responsible for, how it goes, and how it ended."""
