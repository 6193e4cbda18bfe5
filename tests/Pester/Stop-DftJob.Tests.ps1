#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Stop-DftJob' -Skip:$IsWindows {
    $calls = @{
        Cmdlet         = 'Stop-DftJob'
        Prepare        = {
            $null = [IO.Directory]::CreateDirectory("$PWD/runs/one")
            [IO.File]::WriteAllText("$PWD/runs/one/job.sh", "exec sleep 300`n")
            Submit-DftJob -Path runs/one
        }
        Run            = { param($With, $Place) $Place.Data | Stop-DftJob @With }
        ByParameter    = { param($With, $Place) Stop-DftJob $Place.Data.Id @With }
        ByPropertyName = { param($With, $Place) [pscustomobject]@{ Id = $Place.Data.Id } | Stop-DftJob @With }
        Fail           = { param($With) Stop-DftJob 999, 1 @With }
        FailId         = 'JobNotFound'
        MayBeEmpty     = $true
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
