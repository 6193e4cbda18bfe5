#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Receive-DftJob' -Skip:$IsWindows {
    $calls = @{
        Cmdlet         = 'Receive-DftJob'
        Prepare        = {
            foreach ($run in 'alpha', 'beta') {
                $null = [IO.Directory]::CreateDirectory("$PWD/runs/$run")
                [IO.File]::WriteAllText("$PWD/runs/$run/job.sh", "echo $run >result.txt`n")
            }

            Submit-DftJob -Path runs/* | Wait-DftJob -PollInterval 1
        }
        Run            = { param($With, $Place) $Place.Data | Receive-DftJob @With }
        ByParameter    = { param($With, $Place) Receive-DftJob $Place.Data.Id @With }
        ByPropertyName = { param($With, $Place) $Place.Data | ForEach-Object { [pscustomobject]@{ Id = $_.Id } } | Receive-DftJob @With }
        Fail           = { param($With) Receive-DftJob 999, 1 @With }
        FailId         = 'JobNotFound'
    }
    . "$PSScriptRoot/CmdletManners.ps1" @calls

    BeforeAll {
        $script:before = $env:ATOMPRONET_HOME
        $env:ATOMPRONET_HOME = Join-Path $TestDrive 'own'
        Push-Location (New-Item (Join-Path $TestDrive 'work') -ItemType Directory)
        $null = [IO.Directory]::CreateDirectory("$PWD/runs/one")
        [IO.File]::WriteAllText("$PWD/runs/one/job.sh", "echo small >small.txt; echo large >large.bin; mkdir part; echo inner >part/inner.txt`n")
        $script:job = Submit-DftJob -Path runs/one | Wait-DftJob -PollInterval 1
    }

    AfterAll {
        Pop-Location
        $env:ATOMPRONET_HOME = $before
    }

    It 'fetches what is asked for, elsewhere where that is said' {
        $first = $job | Receive-DftJob -Include *.txt -Destination 'res[1]'
        $first.FolderPath | Should -Be "$PWD/res[1]/one"
        (Get-ChildItem -LiteralPath $first.FolderPath -Recurse -File).Name | Sort-Object | Should -Be 'inner.txt', 'small.txt'
        # Nothing can be said of a job of which only some files are here.
        $first.State | Should -Be 'Finished'
        # The rest is still to be fetched: it must not be deleted over there, and comes when what is not here is asked for.
        { $job | Remove-DftJob -Confirm:$false -ErrorAction Stop } | Should -Throw -ErrorId 'JobNotReceived,*'
        $all = Receive-DftJob
        $all.State | Should -Be 'Received'
        Get-Content -LiteralPath (Join-Path $all.FolderPath 'large.bin') | Should -Be 'large'
    }

    It 'fetches what has ended and is not here, without a word about the rest' {
        Receive-DftJob | Should -BeNullOrEmpty
        $null = [IO.Directory]::CreateDirectory("$PWD/runs/two")
        [IO.File]::WriteAllText("$PWD/runs/two/job.sh", 'exit 1')
        $null = Submit-DftJob -Path runs/two | Wait-DftJob -PollInterval 1
        (Receive-DftJob).Name | Should -Be 'two'
    }

    It 'says of a job that was not sent that there is nothing to fetch' {
        $null = Register-DftCluster nowhere nowhere.invalid
        $null = [IO.Directory]::CreateDirectory("$PWD/runs/three")
        [IO.File]::WriteAllText("$PWD/runs/three/job.sh", 'exit 0')
        $planned = Submit-DftJob -Path runs/three -Cluster nowhere -ErrorAction SilentlyContinue
        { $planned | Receive-DftJob -ErrorAction Stop } | Should -Throw -ErrorId 'JobNotSent,*'
    }
}
