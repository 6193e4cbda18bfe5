#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Remove-DftJob' -Skip:$IsWindows {
    $calls = @{
        Cmdlet         = 'Remove-DftJob'
        # Each call has a job of its own that has come back, beside the place, where -WhatIf looks for changes; it gives nothing, so that it is looked whether the job is gone.
        Run            = {
            param($With, $Place)
            $folder = [IO.Directory]::CreateDirectory("$($Place.Folder)/../ended/$($Place.Fresh())/one").FullName
            [IO.File]::WriteAllText("$folder/job.sh", "exit 0`n")
            $job = Submit-DftJob -LiteralPath $folder | Wait-DftJob -PollInterval 1 | Receive-DftJob
            $job | Remove-DftJob @With
            if ([bool](Get-DftJob -Offline | Where-Object Id -EQ $job.Id) -ne [bool]$With.WhatIf) { throw 'It is gone with -WhatIf, or still there without.' }
        }
        ByParameter    = {
            param($With, $Place)
            $folder = [IO.Directory]::CreateDirectory("$($Place.Folder)/../ended/$($Place.Fresh())/one").FullName
            [IO.File]::WriteAllText("$folder/job.sh", "exit 0`n")
            $job = Submit-DftJob -LiteralPath $folder | Wait-DftJob -PollInterval 1 | Receive-DftJob
            Remove-DftJob $job.Id @With
            if (Get-DftJob -Offline | Where-Object Id -EQ $job.Id) { throw 'It is still there.' }
        }
        ByPropertyName = {
            param($With, $Place)
            $folder = [IO.Directory]::CreateDirectory("$($Place.Folder)/../ended/$($Place.Fresh())/one").FullName
            [IO.File]::WriteAllText("$folder/job.sh", "exit 0`n")
            $job = Submit-DftJob -LiteralPath $folder | Wait-DftJob -PollInterval 1 | Receive-DftJob
            [pscustomobject]@{ Id = $job.Id } | Remove-DftJob @With
            if (Get-DftJob -Offline | Where-Object Id -EQ $job.Id) { throw 'It is still there.' }
        }
        Fail           = { param($With) Remove-DftJob 999 @With }
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
            [IO.File]::WriteAllText("$PWD/runs/$name/job.sh", 'echo done >result.txt')
        }

        $script:jobs = Get-ChildItem runs | Submit-DftJob | Wait-DftJob -PollInterval 1 | Sort-Object Id
    }

    AfterAll {
        Pop-Location
        $env:ATOMPRONET_HOME = $before
    }

    It 'does not delete results that are nowhere else' {
        { $jobs[0] | Remove-DftJob -Confirm:$false -ErrorAction Stop } | Should -Throw -ErrorId 'JobNotReceived,*'
        $jobs[0].RemoteFolder | Should -Exist
    }

    It 'deletes nothing with -WhatIf' {
        $null = $jobs | Receive-DftJob
        $jobs | Remove-DftJob -WhatIf | Should -BeNullOrEmpty
        (Get-DftJob).Count | Should -Be 3
    }

    It 'forgets the job and deletes its folder on the cluster, not the one here' {
        $jobs[0] | Remove-DftJob -Confirm:$false | Should -BeNullOrEmpty
        $jobs[0].RemoteFolder | Should -Not -Exist
        Join-Path $jobs[0].FolderPath result.txt | Should -Exist
        Remove-DftJob $jobs[1].Id -KeepRemote -Confirm:$false
        $jobs[1].RemoteFolder | Should -Exist
        (Get-DftJob).Id | Should -Be $jobs[2].Id
    }

    It 'leaves a job that has not ended' {
        $null = [IO.Directory]::CreateDirectory("$PWD/runs/slow")
        [IO.File]::WriteAllText("$PWD/runs/slow/job.sh", 'exec sleep 300')
        $slow = Submit-DftJob -Path runs/slow
        { $slow | Remove-DftJob -Force -Confirm:$false -ErrorAction Stop } | Should -Throw -ErrorId 'JobNotEnded,*'
        $slow | Stop-DftJob -Confirm:$false
    }
}
