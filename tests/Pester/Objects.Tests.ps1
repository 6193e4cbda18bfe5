#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

# Objects that leave the session, into a file, a job or another runspace, come back whole or are refused; never half.

BeforeAll {
    Import-Module $env:ATOMPRONET_MODULE -Force -ErrorAction Stop
    $script:samples = Join-Path $PSScriptRoot '../../samples'
    $script:frame = Import-Outcar (Join-Path $samples 'al-strain/strain_+0.0100/OUTCAR')
    $script:structure = Get-MPStructure Al2O3 -Source Bundled | New-StrainSeries -Range 0.01 | Select-Object -First 1
}

Describe 'Objects' {
    It 'come back from Export-Clixml as what they were' {
        $path = Join-Path $TestDrive 'objects.xml'
        $structure, $frame | Export-Clixml $path
        $again, $frameAgain = Import-Clixml $path
        $again | Should -BeOfType 'AtomProNet.Structures.Structure'
        $again | Should -Be $structure
        $again.ContentHash | Should -Be $structure.ContentHash
        $again.Provenance.ToString() | Should -Be $structure.Provenance.ToString()
        $frameAgain | Should -BeOfType 'AtomProNet.Structures.Frame'
        $frameAgain.FreeEnergy | Should -Be $frame.FreeEnergy
        $frameAgain.Stress | Should -Be $frame.Stress
        $frameAgain.Method | Should -Be $frame.Method
        $frameAgain.Source | Should -Be $frame.Source
        0..($frame.Forces.Count - 1) | ForEach-Object { $frameAgain.Forces[$_] | Should -Be $frame.Forces[$_] }
    }

    It 'go on down the pipeline after a file' {
        $path = Join-Path $TestDrive 'one.xml'
        $structure | Export-Clixml $path
        (Import-Clixml $path | New-Supercell 2, 1, 1).AtomCount | Should -Be (2 * $structure.AtomCount)
    }

    It 'cross into a background job and back' {
        $module = $env:ATOMPRONET_MODULE
        $job = Start-Job { Import-Module $using:module; $using:structure | New-Supercell 2, 1, 1 }
        try {
            $result = $job | Receive-Job -Wait
        }
        finally {
            Remove-Job $job -Force
        }

        $result | Should -BeOfType 'AtomProNet.Structures.Structure'
        $result | Should -Be ($structure | New-Supercell 2, 1, 1)
    }

    It 'cross into parallel runspaces as they are' {
        $module = $env:ATOMPRONET_MODULE
        $found = $structure, $structure | ForEach-Object -Parallel { Import-Module $using:module; $_ | New-Supercell 1, 1, 2 } -ThrottleLimit 2
        $found.AtomCount | Should -Be @((2 * $structure.AtomCount), (2 * $structure.AtomCount))
    }

    It 'pass the serializer that remoting uses' {
        $text = [Management.Automation.PSSerializer]::Serialize($frame)
        [Management.Automation.PSSerializer]::Deserialize($text).FreeEnergy | Should -Be $frame.FreeEnergy
        [Management.Automation.PSSerializer]::Deserialize($text) | Should -BeOfType 'AtomProNet.Structures.Frame'
    }

    It 'of a set, a split and its errors come back whole' {
        $path = Join-Path $TestDrive 'set.xml'
        $frames = Import-Outcar (Join-Path $samples 'al-strain')
        $split = $frames | Split-TrainingSet -TrainFraction 0.7 -TestFraction 0.3 -SplitBy Blocked -WarningAction SilentlyContinue
        $files = $frames | Export-TrainingSet (Join-Path $TestDrive 'set.extxyz')
        $errors = Measure-MlipError (Join-Path $TestDrive 'set.extxyz') (Join-Path $samples 'predictions.extxyz')
        @($split) + @($files) + @($errors) | Export-Clixml $path
        $again = Import-Clixml $path
        $again.Count | Should -Be (@($split).Count + @($files).Count + @($errors).Count)
        $pairs = @($split) + @($files) + @($errors)
        for ($i = 0; $i -lt $pairs.Count; $i++) { $again[$i].GetType() | Should -Be $pairs[$i].GetType() }
        ($again | Where-Object { $_.Quantity -eq 'Stress' }).RMSE | Should -Be ($errors | Where-Object Quantity -eq 'Stress').RMSE
        ($again | Where-Object { $_ -is [AtomProNet.Datasets.SplitFrame] })[0].Frame | Should -BeOfType 'AtomProNet.Structures.Frame'
    }

    It 'of fits and verdicts keep their numbers through a file and as JSON' {
        $path = Join-Path $TestDrive 'fits.xml'
        $frames = Import-Outcar (Join-Path $samples 'al-strain')
        $fit = $frames | Measure-EquationOfState
        $verdict = Test-DftConvergence (Join-Path $samples 'al-strain/strain_+0.0000')
        $fit, $verdict | Export-Clixml $path
        $fitAgain, $verdictAgain = Import-Clixml $path
        $fitAgain.V0 | Should -Be $fit.V0
        $fitAgain.E0 | Should -Be $fit.E0
        $verdictAgain.Folder | Should -Be $verdict.Folder
        # A bag of properties prints as the object does.
        ($fitAgain | Out-String) | Should -Be ($fit | Out-String)
        ($fit | ConvertTo-Json -Depth 2 -WarningAction SilentlyContinue | ConvertFrom-Json).V0 | Should -Be $fit.V0
    }

    It 'of clusters find what they stand for after a file' {
        $before = $env:ATOMPRONET_HOME
        $env:ATOMPRONET_HOME = Join-Path $TestDrive 'home'
        try {
            $path = Join-Path $TestDrive 'cluster.xml'
            Register-DftCluster hpc me@login.example.org -Scheduler Slurm -WorkDirectory /scratch/me -Partition batch | Export-Clixml $path
            $again = Import-Clixml $path | Get-DftCluster
            $again | Should -BeOfType 'AtomProNet.Jobs.Clusters.ClusterProfile'
            $again.WorkDirectory | Should -Be '/scratch/me'
            Import-Clixml $path | Unregister-DftCluster -WhatIf 6> $null | Should -BeNullOrEmpty
            (Get-DftCluster hpc).Name | Should -Be 'hpc'
        }
        finally {
            $env:ATOMPRONET_HOME = $before
        }
    }

    It 'of jobs find the job after a file' -Skip:$IsWindows {
        $before = $env:ATOMPRONET_HOME
        $env:ATOMPRONET_HOME = Join-Path $TestDrive 'jobs'
        try {
            $folder = New-Item (Join-Path $TestDrive 'hello') -ItemType Directory
            Set-Content (Join-Path $folder 'job.sh') "#!/bin/sh`necho done > result.txt"
            $job = Submit-DftJob -Path $folder | Wait-DftJob
            $path = Join-Path $TestDrive 'job.xml'
            $job | Export-Clixml $path
            $again = Import-Clixml $path
            $again.PSTypeNames | Should -Contain 'Deserialized.AtomProNet.Jobs.DftJob'
            $again.Name | Should -Be $job.Name
            $found = $again | Get-DftJob -Offline
            $found | Should -BeOfType 'AtomProNet.Jobs.DftJob'
            $found.Id | Should -Be $job.Id
            ($again | Out-String) | Should -Be ($job | Out-String)
        }
        finally {
            $env:ATOMPRONET_HOME = $before
        }
    }

    It 'are refused where their parts were lost, never bound half' {
        # What arrives from a session that had the library, but not the module's type data.
        $bag = [pscustomobject]@{ Name = 'x'; AtomCount = 8 }
        $bag.PSTypeNames.Insert(0, 'Deserialized.AtomProNet.Structures.Structure')
        $failures = $null
        $bag | New-Supercell 2, 1, 1 -ErrorVariable failures -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $failures.Count | Should -BeGreaterThan 0
        { New-Supercell 2, 1, 1 -Structure $bag } | Should -Throw '*lost its parts*'
    }

    It 'give numbers as JSON' {
        $json = $structure | ConvertTo-Json -WarningAction SilentlyContinue | ConvertFrom-Json
        $json.Lattice.A.X | Should -BeOfType [double]
        $json.Lattice.A.X | Should -Be $structure.Lattice.A.X
        $json.FractionalPositions.Count | Should -Be $structure.AtomCount
        $json.FractionalPositions[0].Z | Should -Be $structure.FractionalPositions[0].Z
        $json.PSObject.Properties.Name | Should -Not -Contain 'WholeObject'
        ($frame | ConvertTo-Json -WarningAction SilentlyContinue | ConvertFrom-Json).Forces[0].X | Should -Be $frame.Forces[0].X
    }

    It 'end as JSON at any depth' {
        # Which many write out of habit; a property that leads back to its own kind would have no end.
        $objects = $structure, $frame, (Import-Outcar "$samples/al-strain" | Measure-EquationOfState -WarningAction Ignore)
        $job = Start-ThreadJob { $using:objects | ForEach-Object { ($_ | ConvertTo-Json -Depth 100 -Compress).Length } }
        try {
            $done = $job | Wait-Job -Timeout 60
            $lengths = $job | Receive-Job
        }
        finally {
            Remove-Job $job -Force
        }

        $done | Should -Not -BeNullOrEmpty
        $lengths | Should -HaveCount 3
        ($lengths | Measure-Object -Maximum).Maximum | Should -BeLessThan 1000000
    }

    It 'show a small surface' {
        ($structure | Get-Member -MemberType Properties).Name | Should -Not -Contain 'WholeObject'
    }
}
