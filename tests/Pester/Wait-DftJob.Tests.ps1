#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Wait-DftJob' -Skip:$IsWindows {
    $calls = @{
        Cmdlet         = 'Wait-DftJob'
        Prepare        = {
            $null = [IO.Directory]::CreateDirectory("$PWD/runs/one")
            [IO.File]::WriteAllText("$PWD/runs/one/job.sh", "exit 0`n")
            Submit-DftJob -Path runs/* | Wait-DftJob -PollInterval 1
        }
        Run            = { param($With, $Place) $Place.Data | Wait-DftJob @With }
        ByParameter    = { param($With, $Place) Wait-DftJob $Place.Data.Id @With }
        ByPropertyName = { param($With, $Place) [pscustomobject]@{ Id = $Place.Data.Id } | Wait-DftJob @With }
        Fail           = { param($With) Wait-DftJob 999, 1 @With }
        FailId         = 'JobNotFound'
    }
    . "$PSScriptRoot/CmdletManners.ps1" @calls

    # In a block of its own: when one ends, Pester removes from the drive what has appeared since that block began, the jobs' markers among them.
    Context 'with a job that ends and one that goes on' {
        BeforeAll {
            $script:before = $env:ATOMPRONET_HOME
            $env:ATOMPRONET_HOME = Join-Path $TestDrive 'own'
            Push-Location (New-Item (Join-Path $TestDrive 'work') -ItemType Directory)
            foreach ($name in 'quick', 'slow') {
                $null = [IO.Directory]::CreateDirectory("$PWD/runs/$name")
                [IO.File]::WriteAllText("$PWD/runs/$name/job.sh", $(if ($name -eq 'slow') { 'exec sleep 300' } else { 'exit 0' }))
            }

            $script:jobs = Get-ChildItem runs | Submit-DftJob
        }

        AfterAll {
            Stop-DftJob ($jobs | Where-Object Name -EQ slow).Id -Confirm:$false
            Pop-Location
            $env:ATOMPRONET_HOME = $before
        }

        It 'returns with -Any as soon as one has ended' {
            ($jobs | Wait-DftJob -Any).Name | Should -Be 'quick'
        }

        It 'gives what has ended, and an error when its time is over' {
            $failures = $null
            ($jobs | Wait-DftJob -Timeout 1 -ErrorVariable failures -ErrorAction SilentlyContinue).Name | Should -Be 'quick'
            $failures[0].FullyQualifiedErrorId | Should -BeLike 'WaitTimedOut,*'
            "$($failures[0])" | Should -BeLike '*1 of 2 jobs*'
            { Wait-DftJob -Timeout 0 -ErrorAction Stop } | Should -Throw -ErrorId 'WaitTimedOut,*'
        }

        It 'is stopped while it waits, and the jobs go on' {
            $shell = [powershell]::Create()
            try {
                $null = $shell.AddScript("Import-Module '$env:ATOMPRONET_MODULE'; Wait-DftJob")
                $running = $shell.BeginInvoke()
                while ($shell.Streams.Progress.Count -eq 0 -and -not $running.IsCompleted) { Start-Sleep -Milliseconds 50 }
                $running.IsCompleted | Should -BeFalse
                $shell.Stop()
                $shell.InvocationStateInfo.State | Should -Be 'Stopped'
                $shell.Streams.Error | Should -BeNullOrEmpty
            }
            finally {
                $shell.Dispose()
            }

            (Get-DftJob -Name slow).State | Should -Be 'Running'
        }
    }
}
