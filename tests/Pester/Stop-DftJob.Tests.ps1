#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Stop-DftJob' -Skip:$IsWindows {
    $calls = @{
        Cmdlet         = 'Stop-DftJob'
        Prepare        = {
            $null = [IO.Directory]::CreateDirectory("$PWD/runs/one")
            [IO.File]::WriteAllText("$PWD/runs/one/job.sh", "exec sleep 300`n")
        }
        # Each call has a job of its own, and looks whether it is stopped.
        Run            = {
            param($With)
            $job = Submit-DftJob -Path runs/one -Force
            $job | Stop-DftJob -PassThru @With
            if ($With.WhatIf) {
                if (($job | Get-DftJob).State -eq 'Cancelled') { throw 'It is stopped.' }
                $job | Stop-DftJob -Confirm:$false
            }
            elseif (($job | Wait-DftJob -PollInterval 1).State -ne 'Cancelled') { throw 'It is not stopped.' }
        }
        ByParameter    = { param($With) Stop-DftJob (Submit-DftJob -Path runs/one -Force).Id -PassThru @With }
        ByPropertyName = { param($With) [pscustomobject]@{ Id = (Submit-DftJob -Path runs/one -Force).Id } | Stop-DftJob -PassThru @With }
        Fail           = { param($With) Stop-DftJob 999, 1 @With }
        FailId         = 'JobNotFound'
    }
    . "$PSScriptRoot/CmdletManners.ps1" @calls

    BeforeAll {
        $script:before = $env:ATOMPRONET_HOME
        $env:ATOMPRONET_HOME = Join-Path $TestDrive 'own'
        Push-Location (New-Item (Join-Path $TestDrive 'work') -ItemType Directory)
        foreach ($name in 'one', 'two', 'three') {
            $null = [IO.Directory]::CreateDirectory("$PWD/runs/$name")
            [IO.File]::WriteAllText("$PWD/runs/$name/job.sh", 'exec sleep 300')
        }

        $script:jobs = Get-ChildItem runs | Submit-DftJob
    }

    AfterAll {
        Pop-Location
        $env:ATOMPRONET_HOME = $before
    }

    It 'stops nothing with -WhatIf, and gives nothing' {
        $jobs | Stop-DftJob -WhatIf -PassThru | Should -BeNullOrEmpty
        (Get-DftJob).State | Should -BeIn 'Queued', 'Running'
    }

    It 'asks first' {
        (Get-Command Stop-DftJob).ScriptBlock | Should -BeNullOrEmpty
        $attribute = (Get-Command Stop-DftJob).ImplementingType.GetCustomAttributes($true) | Where-Object { $_ -is [Management.Automation.CmdletAttribute] }
        $attribute.ConfirmImpact | Should -Be 'High'
    }

    It 'stops those that run and those that wait, and leaves the others' {
        $stopped = $jobs | Where-Object Name -NE two | Stop-DftJob -PassThru -Confirm:$false
        $stopped | Should -HaveCount 2
        $null = $stopped | Wait-DftJob
        (Get-DftJob $stopped.Id).State | Select-Object -Unique | Should -Be 'Cancelled'
        (Get-DftJob $stopped.Id).Cause | Select-Object -Unique | Should -Be 'Stopped'
        (Get-DftJob -Name two).State | Should -BeIn 'Queued', 'Running'
        Stop-DftJob ($jobs | Where-Object Name -EQ two).Id -Confirm:$false | Should -BeNullOrEmpty
    }
}
