#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Restart-DftJob' -Skip:$IsWindows {
    $calls = @{
        Cmdlet         = 'Restart-DftJob'
        Prepare        = {
            $null = [IO.Directory]::CreateDirectory("$PWD/runs/one")
            [IO.File]::WriteAllText("$PWD/runs/one/job.sh", "exit 0`n")
            Submit-DftJob -Path runs/one | Wait-DftJob -PollInterval 1
        }
        # Each call has a job of its own that has failed, beside the place, where -WhatIf looks for changes.
        Run            = {
            param($With, $Place)
            $folder = [IO.Directory]::CreateDirectory("$($Place.Folder)/../failing/$($Place.Fresh())/one").FullName
            [IO.File]::WriteAllText("$folder/job.sh", "exit 3`n")
            Submit-DftJob -LiteralPath $folder | Wait-DftJob -PollInterval 1 | Restart-DftJob -Unchanged @With
        }
        ByParameter    = {
            param($With, $Place)
            $folder = [IO.Directory]::CreateDirectory("$($Place.Folder)/../failing/$($Place.Fresh())/one").FullName
            [IO.File]::WriteAllText("$folder/job.sh", "exit 3`n")
            Restart-DftJob (Submit-DftJob -LiteralPath $folder | Wait-DftJob -PollInterval 1).Id -Unchanged @With
        }
        ByPropertyName = {
            param($With, $Place)
            $folder = [IO.Directory]::CreateDirectory("$($Place.Folder)/../failing/$($Place.Fresh())/one").FullName
            [IO.File]::WriteAllText("$folder/job.sh", "exit 3`n")
            [pscustomobject]@{ Id = (Submit-DftJob -LiteralPath $folder | Wait-DftJob -PollInterval 1).Id } | Restart-DftJob -Unchanged @With
        }
        Fail           = { param($With, $Place) Restart-DftJob 999, $Place.Data.Id @With }
        FailId         = 'JobNotFound'
    }
    . "$PSScriptRoot/CmdletManners.ps1" @calls

    BeforeAll {
        $script:before = $env:ATOMPRONET_HOME
        $env:ATOMPRONET_HOME = Join-Path $TestDrive 'own'
        Push-Location (New-Item (Join-Path $TestDrive 'work') -ItemType Directory)
        $null = [IO.Directory]::CreateDirectory("$PWD/runs/one")
        [IO.File]::WriteAllText("$PWD/runs/one/job.sh", "[ -d attempt-1 ] || [ -e mended ] || { echo first >trace.txt; exit 3; }`n")
        $script:job = Submit-DftJob -Path runs/one | Wait-DftJob -PollInterval 1
    }

    AfterAll {
        Pop-Location
        $env:ATOMPRONET_HOME = $before
    }

    It 'refuses what would only happen again, and says what to do' {
        { $job | Restart-DftJob -ErrorAction Stop } | Should -Throw '*-Unchanged*'
        (Get-DftJob $job.Id).Attempt | Should -Be 1
    }

    It 'touches nothing with -WhatIf' {
        $job | Restart-DftJob -Unchanged -WhatIf | Should -BeNullOrEmpty
        (Get-DftJob $job.Id).Attempt | Should -Be 1
        'runs/one/attempt-1' | Should -Not -Exist
    }

    It 'runs again with -Unchanged, and keeps what the first try left' {
        Set-Content runs/one/mended ''
        $again = $job | Restart-DftJob -Unchanged
        $again.Id, $again.Attempt | Should -Be $job.Id, 2
        $again.Token | Should -Not -Be $job.Token
        $ended = $again | Wait-DftJob -PollInterval 1
        'runs/one/attempt-1/trace.txt' | Should -Exist
        $ended.Changes | Should -HaveCount 1
        $ended.Changes[0] | Should -BeLike 'try 1 ended (ExitCode)*'
    }

    It 'leaves alone what has not failed' {
        $null = [IO.Directory]::CreateDirectory("$PWD/runs/good")
        [IO.File]::WriteAllText("$PWD/runs/good/job.sh", 'exit 0')
        $good = Submit-DftJob -Path runs/good | Wait-DftJob -PollInterval 1
        { $good | Restart-DftJob -ErrorAction Stop } | Should -Throw -ErrorId 'JobNotRestartable,*'
    }
}
