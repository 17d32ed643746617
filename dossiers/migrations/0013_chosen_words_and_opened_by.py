"""States, waits, grounds and alerts are chosen from lists; an interlinked dossier points at the one that opened it."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('dossiers', '0012_results_approved_and_issued'),
    ]

    operations = [
        # The table stays, so that code of before goes on with it.
        migrations.AlterModelTable("crossing", "dossiers_crossing"),
        migrations.RenameModel("Crossing", "DeadlineAlert"),
        migrations.AlterField(
            model_name='deadlinealert',
            name='dossier',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='alerts', to='dossiers.dossier'),
        ),
        migrations.AddField(
            model_name='dossier',
            name='opened_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='opened', to='dossiers.dossier'),
        ),
        migrations.AlterField(
            model_name='deadlinealert',
            name='kind',
            field=models.CharField(choices=[('due_soon', 'Sắp đến hạn'), ('overdue', 'Quá hạn'), ('apology', 'Thư xin lỗi')], max_length=10),
        ),
        migrations.AlterField(
            model_name='dossier',
            name='outcome',
            field=models.CharField(blank=True, choices=[('granted', 'Chấp thuận'), ('refused', 'Không chấp thuận')], max_length=10),
        ),
        migrations.AlterField(
            model_name='dossier',
            name='substate',
            field=models.CharField(blank=True, choices=[('suspended', 'Thời hạn tạm dừng theo luật chuyên ngành'), ('lapsed', 'Hết thời gian chờ bổ sung'), ('fee_to_collect', 'Chờ nộp phí, lệ phí'), ('to_collect', 'Chờ nhận kết quả'), ('stored', 'Lưu kết quả chưa ai nhận')], max_length=30),
        ),
        migrations.AlterField(
            model_name='dossier',
            name='waits_for',
            field=models.CharField(blank=True, choices=[('answer_late', 'Quá giờ trả lời hồ sơ trực tuyến'), ('remind_supplement', 'Nhắc bổ sung'), ('lapse', 'Hết thời gian chờ bổ sung'), ('remind_collect', 'Nhắc nhận kết quả'), ('store', 'Lưu kết quả chưa ai nhận')], max_length=40),
        ),
        migrations.AlterField(
            model_name='duedatechange',
            name='ground',
            field=models.CharField(choices=[('received', 'Tiếp nhận'), ('resumed', 'Tính tiếp'), ('restarted', 'Tính lại từ đầu'), ('extended', 'Gia hạn'), ('calendar', 'Lịch làm việc thay đổi'), ('corrected', 'Sửa nhầm')], max_length=20),
        ),
        migrations.AlterField(
            model_name='pause',
            name='reason',
            field=models.CharField(choices=[('supplement', 'Chờ bổ sung giấy tờ'), ('financial', 'Chờ nghĩa vụ tài chính'), ('excluded', 'Thời gian không tính theo luật chuyên ngành')], max_length=20),
        ),
    ]
