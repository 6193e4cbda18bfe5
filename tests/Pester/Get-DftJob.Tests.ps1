#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Get-DftJob' -Skip:$IsWindows {
    $calls = @{
        Cmdlet         = 'Get-DftJob'
        Prepare        = {
            foreach ($run in 'alpha', 'beta') {
                $null = [IO.Directory]::CreateDirectory("$PWD/runs/$run")
                [IO.File]::WriteAllText("$PWD/runs/$run/job.sh", "exit 0`n")
            }

            Submit-DftJob -Path runs/* | Wait-DftJob -PollInterval 1
        }
        Run            = { param($With, $Place) $Place.Data | Get-DftJob @With }
        ByParameter    = { param($With, $Place) Get-DftJob $Place.Data.Id @With }
        ByPropertyName = { param($With, $Place) $Place.Data | ForEach-Object { [pscustomobject]@{ Id = $_.Id } } | Get-DftJob @With }
        Wildcard       = { param($With) Get-DftJob -Name a* @With }
        Fail           = { param($With) Get-DftJob 999, 1 @With }
        FailId         = 'JobNotFound'
    }
    . "$PSScriptRoot/CmdletManners.ps1" @calls

    BeforeAll {
        $script:before = $env:ATOMPRONET_HOME
        $env:ATOMPRONET_HOME = Join-Path $TestDrive 'own'
        Push-Location (New-Item (Join-Path $TestDrive 'work') -ItemType Directory)
        foreach ($name in 'good', 'bad', '[odd]') {
            $null = [IO.Directory]::CreateDirectory("$PWD/runs/$name")
            [IO.File]::WriteAllText("$PWD/runs/$name/job.sh", $(if ($name -eq 'bad') { 'exit 3' } else { 'exit 0' }))
        }

        $null = Get-ChildItem runs | Submit-DftJob | Wait-DftJob -PollInterval 1
    }

    AfterAll {
        Pop-Location
        $env:ATOMPRONET_HOME = $before
    }

    It 'finds by name, state, cluster and number' {
        (Get-DftJob -Name good).State | Should -Be 'Finished'
        (Get-DftJob -State Failed).Name | Should -Be 'bad'
        (Get-DftJob -State Finished, Failed).Count | Should -Be 3
        (Get-DftJob -Cluster LOCAL).Count | Should -Be 3
        Get-DftJob -Cluster other | Should -BeNullOrEmpty
        (Get-DftJob -Name '`[odd`]').Name | Should -Be '[odd]'
        (Get-DftJob 2, 1).Id | Should -Be 2, 1
        (Get-DftJob 1, 2 -State Failed).Count + (Get-DftJob 3 -State Failed).Count | Should -Be 1
    }

    It 'narrows down what comes from the pipeline, too' {
        (Get-DftJob | Get-DftJob -Name b*).Name | Should -Be 'bad'
        Get-DftJob | Get-DftJob -Cluster other | Should -BeNullOrEmpty
    }

    It 'tells why a job failed, in its view and in a sentence' {
        $job = Get-DftJob -Name bad
        $job.Cause, $job.ExitCode | Should -Be 'ExitCode', 3
        $job.Message | Should -BeLike '*exit code 3*'
        (($job | Out-String -Width 80) -replace '\x1b\[[0-9;]*m') | Should -Match 'bad\s+local\s+Failed\s+ExitCode'
    }

    It 'is completed by number and by name' {
        foreach ($cmdlet in 'Get', 'Wait', 'Receive', 'Stop', 'Restart', 'Remove') {
            $line = "$cmdlet-DftJob 1"
            (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText | Should -Be '1' -Because $line
            $line = "$cmdlet-DftJob ba"
            $found = (TabExpansion2 $line $line.Length).CompletionMatches
            $found.ListItemText | Should -BeLike '*bad: Failed, ExitCode' -Because $line
        }
    }
}
